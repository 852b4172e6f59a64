namespace CnnService.Cli.Reporting;

/// <summary>Shows how far work has come. Thread safe.</summary>
internal interface IProgressDisplay
{
    /// <summary>Where the work is now; it takes the place of what was shown before.</summary>
    void Show(ProgressState state);

    /// <summary>A line that stays.</summary>
    void Line(string text);
}
