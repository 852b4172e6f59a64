namespace CnnService.Web.Persistence;

/// <summary>A change that a client made.</summary>
internal sealed class AuditRow
{
    /// <summary>Sorts by time.</summary>
    public required string Id { get; set; }

    /// <summary>UTC.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Name of the API key; never the key.</summary>
    public required string Key { get; set; }

    /// <summary>Name of the operation, such as <c>DeleteModel</c>.</summary>
    public required string Operation { get; set; }

    /// <summary>Path of the resource.</summary>
    public required string Resource { get; set; }

    /// <summary>The HTTP status that was answered.</summary>
    public int Status { get; set; }
}
