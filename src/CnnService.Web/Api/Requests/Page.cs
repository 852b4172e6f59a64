using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>One page of a collection.</summary>
/// <param name="Items">At most as many as the limit.</param>
/// <param name="Next">The cursor of the next page, for the parameter <c>after</c>; null on the last page.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Cursor-based paging, the same for all collections.</summary>
internal static class Paging
{
    public const int DefaultLimit = 50;

    public const int MaxLimit = 200;

    public static Outcome<int> Limit(int? limit) => Limit(limit, null, _ => true);

    /// <summary>
    /// The limit, after validating it and the cursor. A cursor's item may have been deleted meanwhile: the page then starts at its place in
    /// the order.
    /// </summary>
    public static Outcome<int> Limit(int? limit, string? after, Func<string, bool> isCursor)
    {
        var wanted = limit ?? DefaultLimit;
        var errors = new ValidationErrors();
        errors.Require(wanted is >= 1 and <= MaxLimit, "limit", $"must be between 1 and {MaxLimit}, received {wanted}");
        errors.Require(after is null || isCursor(after), "after",
            $"must be the `next` of a page before, received \"{ReceivedText.Text(after ?? string.Empty)}\"");
        return errors.Any ? Problem.Validation(errors) : wanted;
    }

    /// <summary>Makes a page from rows that were read with a limit one larger than asked for, to see whether more follow.</summary>
    public static Page<TItem> Create<TRow, TItem>(List<TRow> rows, int limit, Func<TRow, TItem> item, Func<TRow, string> cursor) => new(
        [.. rows.Take(limit).Select(item)],
        rows.Count > limit ? cursor(rows[limit - 1]) : null);
}
