using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnService.Core.Training.Advice;

/// <summary>Advice on a run, with its evidence.</summary>
/// <param name="Code">Stable, for programs: <c>training.overfitting</c>.</param>
/// <param name="Advice">What to do, in plain language.</param>
/// <param name="Evidence">The figures that the advice is based on.</param>
/// <param name="Epoch">The epoch it refers to, from 1; null where it refers to none.</param>
public sealed record RunAdvice(string Code, string Advice, string Evidence, int? Epoch = null)
{
    /// <summary>JSON of the fields of the request that it changes; null where it asks for something else.</summary>
    [JsonIgnore]
    public string? Change { get; init; }

    /// <summary>The run's request with that change, ready to be posted to <c>/train</c>; null as <see cref="Change"/>.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>What the run of <see cref="Request"/> takes here; null without one, or where unknown.</summary>
    public double? Seconds { get; init; }
}
