using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>Says it to people.</summary>
/// <param name="output">Takes answers and progress.</param>
/// <param name="errors">Takes problems and remarks.</param>
internal sealed class TextReport(ISurface output, ISurface errors) : IReport
{
    public void Write(Answer answer) => answer.Tell(output);

    public void Write(Problem problem) => errors.Problem(problem);

    public void Note(string sentence) => errors.Line(sentence);

    public Task<T> FollowAsync<T>(Func<IProgressDisplay, Task<T>> work) => output.FollowAsync(work);
}
