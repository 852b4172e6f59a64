namespace CnnService.Web.Persistence;

/// <summary>Whether the database is known not to answer, for log filters, which exist before any service. Thread safe.</summary>
internal sealed class OutageFlag
{
    private volatile bool _isAway;

    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }
}
