// SPDX-License-Identifier: GPL-2.0-only

/// One version of the mm code, in the forms that a stress run needs.
public struct StressTarget: Sendable {
    /// Compiled as a kernel is; nil where no noise of the run asks for it.
    private let native: Revision?
    /// With hooks, for plans of the run's size; nil likewise.
    private let hooked: Revision?
    /// The version as the explorer takes it, for a plan.
    let explored: @Sendable (Plan) throws -> Revision
    /// The fewest subpages of a huge page that it can have.
    let fewestSubpages: Int

    /// A revision of the port, which is in the program in all forms.
    public init(_ revision: Revision) {
        native = revision.native
        hooked = revision
        explored = { _ in revision }
        fewestSubpages = 1
    }

    /// A version that is built form by form.
    ///
    /// - Parameters:
    ///   - native: compiled as a kernel is; needed where a noise of the run is native.
    ///   - hooked: with hooks; needed where one is not.
    ///   - fewestSubpages: the fewest subpages of a huge page that it can have.
    ///   - explored: returns it with hooks, for a plan that need not be the run's.
    public init(
        native: Revision?, hooked: Revision?, fewestSubpages: Int,
        explored: @escaping @Sendable (Plan) throws -> Revision
    ) {
        precondition(native != nil || hooked != nil)
        self.native = native
        self.hooked = hooked
        self.fewestSubpages = fewestSubpages
        self.explored = explored
    }

    /// The version by the names that reports have for it.
    var named: Revision { hooked ?? native! }

    /// Returns the form that runs with a noise.
    func code(for noise: Noise) -> Revision { (noise.isNative ? native : hooked)! }
}
