namespace CnnService.Web.Persistence;

/// <summary>Work that no worker holds.</summary>
/// <param name="Id">The row's key.</param>
/// <param name="Fence">Fencing number of its last claim; 0 if it was never claimed.</param>
internal sealed record WaitingWork(string Id, int Fence);
