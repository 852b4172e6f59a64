namespace CnnService.Core.Interpretation.Examples;

/// <summary>Which examples are asked for.</summary>
/// <param name="Offset">The first filter.</param>
/// <param name="Filters">How many filters, a row each; one alone fills a grid.</param>
/// <param name="Count">Examples a filter, 1 to <see cref="MaxCount"/>.</param>
public sealed record ExampleRequest(int Offset, int Filters, int Count = ExampleRequest.DefaultCount)
{
    public const int DefaultCount = 9;

    public const int MaxCount = 16;

    /// <summary>Rows of a grid.</summary>
    public const int MaxRows = 8;
}
