using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>A problem for programs.</summary>
/// <param name="Code">A stable word: <c>dataset.not-found</c>.</param>
/// <param name="Detail">A sentence or two for people.</param>
internal sealed record ToldProblem(string Code, string Detail)
{
    /// <summary>Broken rules by field; null where none was checked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>Further facts; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object?>? Data { get; init; }

    public static ToldProblem From(Problem problem) => new(problem.Code, problem.Detail)
    {
        Errors = problem.Errors.Count > 0 ? problem.Errors : null,
        Data = problem.Data.Count > 0 ? problem.Data : null,
    };
}
