namespace CnnService.Web.Persistence;

/// <summary>Progress of work that is told in parts done.</summary>
internal static class CountedWork
{
    /// <summary>Writes how far the work is; false where the lease is lost.</summary>
    /// <param name="leases">Of the row's kind.</param>
    /// <param name="claim">Of this worker.</param>
    /// <param name="done">Parts.</param>
    /// <param name="total">Parts in all; null where it is known already.</param>
    /// <param name="cancel">Leaves the row as it is.</param>
    public static Task<bool> ProgressAsync<T>(this LeaseStore<T> leases, Claim<T> claim, int done, int? total, CancellationToken cancel)
        where T : CountedRow => leases.WriteAsync(
            claim, set => set.SetProperty(row => row.Done, done).SetProperty(row => row.Total, row => total ?? row.Total), cancel);
}
