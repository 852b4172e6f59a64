using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>Says it to programs: one JSON value on standard output, answer or problem; all else goes to standard error.</summary>
/// <param name="output">Takes the JSON.</param>
/// <param name="besides">Takes progress and remarks.</param>
internal sealed class JsonReport(TextWriter output, ISurface besides) : IReport
{
    public void Write(Answer answer) => Write(answer.Data);

    public void Write(Problem problem) => Write(new { Problem = ToldProblem.From(problem) });

    public void Note(string sentence) => besides.Line(sentence);

    public Task<T> FollowAsync<T>(Func<IProgressDisplay, Task<T>> work) => besides.FollowAsync(work);

    private void Write(object data) => output.WriteLine(JsonSerializer.Serialize(data, data.GetType(), CoreJson.Options));
}
