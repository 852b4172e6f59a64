using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>What the process tells the shell. Decided here alone; the page of the command line lists the same.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Refused = 2;
    public const int Missing = 3;
    public const int Conflict = 4;
    public const int Denied = 5;
    public const int Unavailable = 6;

    /// <summary>As shells tell of a program that SIGINT ended.</summary>
    public const int Stopped = 130;

    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done"),
        (Failed, "what was given cannot be used, or the work failed"),
        (Refused, "the command line or a request breaks a rule; nothing was begun"),
        (Missing, "what was named is not there"),
        (Conflict, "something is in the way, such as the file of --out"),
        (Denied, "the service wants another key"),
        (Unavailable, "an engine, a GPU or a service is not to be had now"),
        (Stopped, "stopped by Ctrl+C"),
    ];

    public static int Of(ProblemKind kind) => kind switch
    {
        ProblemKind.Invalid => Refused,
        ProblemKind.NotFound => Missing,
        ProblemKind.Conflict => Conflict,
        ProblemKind.Unauthorized or ProblemKind.Forbidden => Denied,
        ProblemKind.Unavailable or ProblemKind.Timeout or ProblemKind.TooMany => Unavailable,
        _ => Failed,
    };
}
