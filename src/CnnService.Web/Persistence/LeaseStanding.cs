namespace CnnService.Web.Persistence;

/// <summary>What a look at a claimed row tells its worker.</summary>
internal enum LeaseStanding
{
    Held,

    /// <summary>Still this worker's, and somebody asked it to stop.</summary>
    CancelRequested,

    /// <summary>Another worker has it, or the row is gone.</summary>
    Lost,
}
