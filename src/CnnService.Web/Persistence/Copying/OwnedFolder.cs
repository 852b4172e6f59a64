namespace CnnService.Web.Persistence.Copying;

/// <summary>A folder whose files belong to a row.</summary>
/// <param name="Name">What it is of, in words.</param>
/// <param name="From">Where it lies in the source's data directory.</param>
/// <param name="To">Where it lies in the target's data directory, unless the target has a store.</param>
/// <param name="Key">Key of its listing in the source's store; null: its files are those of <paramref name="From"/>.</param>
/// <param name="Prefix">What owns its objects in a store of the target; the same whenever the copy is made.</param>
internal sealed record OwnedFolder(string Name, string From, string To, string? Key, string Prefix)
{
    /// <summary>
    /// The folders within it, in an order in which the later ones hold all that the earlier ones name, whoever writes there meanwhile.
    /// </summary>
    public IReadOnlyList<string> Parts { get; init; } = [string.Empty];

    /// <summary>Which files a store is to hold, by path; null: all.</summary>
    public Func<string, bool>? IsStored { get; init; }

    /// <summary>Whether it may lack files, because its work has not succeeded.</summary>
    public bool MayLack { get; init; }

    /// <summary>Names the files in the row.</summary>
    public required Func<StoreContext, string?, CancellationToken, Task> SetFilesAsync { get; init; }
}
