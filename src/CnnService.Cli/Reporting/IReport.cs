using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>
/// Where a command says what it has to say, once: as text on a terminal, as plain lines, or as JSON. The answer goes to standard output.
/// </summary>
internal interface IReport
{
    void Write(Answer answer);

    void Write(Problem problem);

    /// <summary>A remark beside the answer, on standard error.</summary>
    void Note(string sentence);

    /// <inheritdoc cref="ISurface.FollowAsync"/>
    Task<T> FollowAsync<T>(Func<IProgressDisplay, Task<T>> work);
}
