using CnnService.Core.Common;

namespace CnnService.Web.Resources;

/// <summary>A part of a collection.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="Next">What to give as <c>after</c> for the next part; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The one rule of paging.</summary>
internal static class Paging
{
    public const int Default = 50;

    public const int Most = 200;

    public static Outcome<int> Limit(int? limit)
    {
        var wanted = limit ?? Default;
        if (wanted is >= 1 and <= Most)
        {
            return wanted;
        }

        var errors = new ValidationErrors();
        errors.Add("limit", $"must be between 1 and {Most}, received {wanted}");
        return Problem.Validation(errors);
    }

    /// <summary>A page of rows of which one more than the limit was read.</summary>
    public static Page<TItem> Of<TRow, TItem>(List<TRow> rows, int limit, Func<TRow, TItem> item, Func<TRow, string> cursor) => new(
        [.. rows.Take(limit).Select(item)],
        rows.Count > limit ? cursor(rows[limit - 1]) : null);
}
