// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import Synchronization

/// Runs work on one thread for each CPU; on fewer, down to the calling one, where no more
/// can be had.
///
/// A thread pool would wait for its threads for ever.
enum Parallel {
    static func forEach(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let work = Work(count: count, body: body)
        var threads: [pthread_t] = []
        for _ in 1..<max(min(count, ProcessInfo.processInfo.activeProcessorCount), 1) {
            guard let thread = start(work) else { break }
            threads.append(thread)
        }
        work.run()
        for thread in threads { pthread_join(thread, nil) }
    }

    private static func start(_ work: Work) -> pthread_t? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 1 << 20)
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(work)
        let reason = pthread_create(&thread, &attributes, {
            Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().run()
            return nil
        }, argument.toOpaque())
        if reason == 0 { return thread }
        argument.release()
        return nil
    }

    private final class Work: Sendable {
        private let next = Atomic<Int>(0)
        private let count: Int
        private let body: @Sendable (Int) -> Void

        init(count: Int, body: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.body = body
        }

        func run() {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
            }
        }
    }
}
