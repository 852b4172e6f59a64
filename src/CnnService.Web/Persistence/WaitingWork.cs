using CnnService.Core.Training;

namespace CnnService.Web.Persistence;

/// <summary>Work that no worker holds.</summary>
/// <param name="Id">The row's key.</param>
/// <param name="Fence">Fencing number of its last claim; 0 if it was never claimed.</param>
/// <param name="Requires">See <see cref="LeasedWork.Requires"/>.</param>
internal sealed record WaitingWork(string Id, int Fence, string? Requires = null)
{
    /// <summary>What its worker must have.</summary>
    public IEnumerable<WorkerLabel> RequiredLabels => LeasedWork.Split(Requires).Select(WorkerLabel.Parse).OfType<WorkerLabel>();
}
