namespace CnnService.Core.Common;

/// <summary>An expected failure as a value: a stable code for programs, a sentence for people.</summary>
/// <param name="Kind">Category of the failure; decides the HTTP status.</param>
/// <param name="Code">Stable, dotted, lower case: <c>dataset.not-found</c>.</param>
/// <param name="Detail">One or two sentences that state the rule and what was received.</param>
public sealed record Problem(ProblemKind Kind, string Code, string Detail)
{
    /// <summary>Broken rules by JSON path (<c>architecture.layers[3].kernelSize</c>); empty unless a request was validated.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Suggested delay before a retry; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further machine-readable facts, such as the names that exist.</summary>
    public IReadOnlyDictionary<string, object?> Data { get; init; } = new Dictionary<string, object?>();

    public static Problem NotFound(string code, string detail) => new(ProblemKind.NotFound, code, detail);

    public static Problem Conflict(string code, string detail) => new(ProblemKind.Conflict, code, detail);

    public static Problem Unprocessable(string code, string detail) => new(ProblemKind.Unprocessable, code, detail);

    public static Problem Invalid(string code, string detail) => new(ProblemKind.Invalid, code, detail);

    /// <summary>A request that breaks one or more rules, each under its JSON path.</summary>
    public static Problem Validation(ValidationErrors errors) =>
        new(ProblemKind.Invalid, "request.invalid",
            "The request breaks the rules named under 'errors'.")
        { Errors = errors.ToDictionary() };
}
