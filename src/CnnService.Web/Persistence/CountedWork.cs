namespace CnnService.Web.Persistence;

/// <summary>Progress of work that is measured by a number of items.</summary>
internal static class CountedWork
{
    /// <summary>Stores the progress of the work; false if the claim is lost.</summary>
    /// <param name="leases">The store of the row's kind.</param>
    /// <param name="claim">The worker's claim.</param>
    /// <param name="done">Items completed.</param>
    /// <param name="total">Number of items; null if already stored.</param>
    /// <param name="cancel">Cancels the write.</param>
    public static Task<bool> ProgressAsync<T>(this LeaseStore<T> leases, Claim<T> claim, int done, int? total, CancellationToken cancel)
        where T : CountedRow => leases.WriteAsync(
            claim, set => set.SetProperty(row => row.Done, done).SetProperty(row => row.Total, row => total ?? row.Total), cancel);
}
