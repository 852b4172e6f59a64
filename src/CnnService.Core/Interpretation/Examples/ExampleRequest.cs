namespace CnnService.Core.Interpretation.Examples;

/// <summary>Which filters to show examples for, and how many.</summary>
/// <param name="Offset">Index of the first filter.</param>
/// <param name="Filters">Number of filters, one row each; a single filter fills a grid.</param>
/// <param name="Count">Examples per filter, 1 to <see cref="MaxCount"/>.</param>
public sealed record ExampleRequest(int Offset, int Filters, int Count = ExampleRequest.DefaultCount)
{
    public const int DefaultCount = 9;

    public const int MaxCount = 16;

    /// <summary>Most rows in a sheet.</summary>
    public const int MaxRows = 8;
}
