namespace CnnService.Cli.Reporting;

/// <summary>How far work has come.</summary>
/// <param name="Part">The part under way, one word.</param>
/// <param name="Fraction">How much of all is done, 0–1; null: not known.</param>
internal sealed record ProgressState(string Part, double? Fraction)
{
    /// <summary>More about the part, such as the epoch; null: nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>Time left for all; null: not known.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>0: images are not what is worked on, or it is not known.</summary>
    public double ImagesPerSecond { get; init; }
}
