namespace CnnService.Web.Persistence;

/// <summary>Work that nobody does at present.</summary>
/// <param name="Id">The row's key.</param>
/// <param name="Fence">The fencing number of its last claim; 0 where there was none.</param>
internal sealed record WaitingWork(string Id, int Fence);
