namespace CnnService.Cli.Reporting;

/// <summary>What a command answers.</summary>
/// <param name="Data">For programs: an object or a list, which is written as JSON.</param>
/// <param name="Tell">For people: the same in lines and tables.</param>
internal sealed record Answer(object Data, Action<IText> Tell)
{
    /// <summary>Other than 0 where a part of what was asked for could not be done.</summary>
    public int ExitCode { get; init; } = ExitCodes.Done;
}
