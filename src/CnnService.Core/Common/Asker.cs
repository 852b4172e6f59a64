namespace CnnService.Core.Common;

/// <summary>Who asks for a computation.</summary>
/// <param name="Name">The caller among whom computing time is shared fairly, such as the name of an API key; not secret.</param>
/// <param name="Urgency">Decides among the computations of the same caller.</param>
public readonly record struct Asker(string Name, Urgency Urgency)
{
    /// <summary>For computations that are not admitted in turn.</summary>
    public static Asker Anyone { get; } = new(string.Empty, Urgency.Attended);
}
