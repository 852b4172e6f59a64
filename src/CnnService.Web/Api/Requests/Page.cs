using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>A part of a collection.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="Next">What to give as <c>after</c> for the next part; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The one rule of paging.</summary>
internal static class Paging
{
    public const int Default = 50;

    public const int Most = 200;

    public static Outcome<int> Limit(int? limit) => Limit(limit, null, _ => true);

    /// <summary>The limit, where the cursor too is one that a page can have given. What it named may be gone meanwhile: the order goes on from where it was.</summary>
    public static Outcome<int> Limit(int? limit, string? after, Func<string, bool> isCursor)
    {
        var wanted = limit ?? Default;
        var errors = new ValidationErrors();
        errors.Require(wanted is >= 1 and <= Most, "limit", $"must be between 1 and {Most}, received {wanted}");
        errors.Require(after is null || isCursor(after), "after", $"must be the `next` of a page before, received \"{Received.Text(after ?? string.Empty)}\"");
        return errors.Any ? Problem.Validation(errors) : wanted;
    }

    /// <summary>A page of rows of which one more than the limit was read.</summary>
    public static Page<TItem> Of<TRow, TItem>(List<TRow> rows, int limit, Func<TRow, TItem> item, Func<TRow, string> cursor) => new(
        [.. rows.Take(limit).Select(item)],
        rows.Count > limit ? cursor(rows[limit - 1]) : null);
}
