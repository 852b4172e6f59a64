using System.Text.Json.Serialization;
using CnnService.Cli.Reporting;
using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>The prediction for an image, or why there is none, with the fields of POST /classify.</summary>
/// <param name="File">Name of the file.</param>
internal sealed record ClassifiedFile(string File)
{
    public string? Label { get; init; }

    /// <summary>0–1.</summary>
    public double? Probability { get; init; }

    /// <summary>False if it may be none of the classes; null where the model cannot tell.</summary>
    public bool? Known { get; init; }

    /// <summary>0–1; null where the model cannot tell.</summary>
    public double? Familiarity { get; init; }

    public IReadOnlyList<ScoredClass>? Top { get; init; }

    /// <summary>The classes that reach their thresholds, where each has a probability of its own; else null.</summary>
    public IReadOnlyList<ScoredClass>? Labels { get; init; }

    public ToldProblem? Error => Problem is { } problem ? ToldProblem.From(problem) : null;

    [JsonIgnore]
    public Problem? Problem { get; init; }
}
