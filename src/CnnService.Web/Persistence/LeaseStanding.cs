namespace CnnService.Web.Persistence;

/// <summary>State of a claim.</summary>
internal enum LeaseStanding
{
    Held,

    /// <summary>Still held by this worker, which was requested to stop.</summary>
    CancelRequested,

    /// <summary>Another worker holds the row, or it was deleted.</summary>
    Lost,
}
