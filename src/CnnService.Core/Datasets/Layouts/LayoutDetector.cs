using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Decides which files mean which labels. Pure: looks at paths and tables only. What can be read in two ways, or makes no sense, is refused
/// with what was seen.
/// </summary>
public static class LayoutDetector
{
    /// <summary>Least share of the images that a table must name to be preferred to folders and names.</summary>
    private const double MinShareOfTable = 0.5;

    /// <summary>With this many classes of one image each, the "classes" are names of images.</summary>
    private const int FewClasses = 4;

    /// <summary>With this many classes and fewer than 1.5 images per class, the "classes" are names of images.</summary>
    private const int ManyClasses = 10;

    /// <summary>
    /// The layout of the images. Problems: <c>dataset.layout-ambiguous</c>, <c>dataset.no-classes</c>, <c>dataset.table-unreadable</c>, and
    /// <c>request.invalid</c> for a pattern that breaks its rule.
    /// </summary>
    /// <param name="paths">Paths of the images that can be read, with <c>/</c> between the folders; at least one.</param>
    /// <param name="tables">The tables among the other files.</param>
    /// <param name="hints">What the sender says.</param>
    public static Outcome<DatasetLayout> Detect(IReadOnlyList<string> paths, IReadOnlyList<TableFile> tables, LayoutHints hints)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(hints);
        return Read(paths, tables, hints).Bind(layout => Accept(layout, hints));
    }

    /// <summary>
    /// The layout of images whose labels came with them, out of files that hold many. Problem: <c>dataset.no-classes</c>.
    /// </summary>
    /// <param name="layout">As those files say.</param>
    /// <param name="hints">What the sender says.</param>
    public static Outcome<DatasetLayout> Accept(DatasetLayout layout, LayoutHints hints)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(hints);
        return RequireSense(hints.MergeCase ? ClassNames.Merge(layout) : layout);
    }

    private static Outcome<DatasetLayout> Read(IReadOnlyList<string> paths, IReadOnlyList<TableFile> tables, LayoutHints hints)
    {
        if (hints.NamePattern is { } pattern)
        {
            return NameLayout.ParsePattern(pattern)
                .MapProblem(broken => broken with { Detail = $"{LayoutFields.NamePatternName} {broken.Detail}." })
                .Bind(regex => NameLayout.Read(paths, regex));
        }

        var root = FolderNode.Build(paths);
        return hints.Kind switch
        {
            LayoutKind.Folders => FolderLayout.Read(root, paths.Count, isChosen: true).Bind(layout => Required(layout, root, "folders")),
            LayoutKind.Names => Required(NameLayout.Detect(paths), root, "names"),
            LayoutKind.Table or LayoutKind.LabelStudio or LayoutKind.Coco or LayoutKind.WebDataset =>
                TableLayout.Read(paths, tables, hints.Kind == LayoutKind.Table ? null : hints.Kind)
                    .Bind(layout => Required(layout, root, hints.Kind.Value.ToWireName())),
            LayoutKind.Parquet or LayoutKind.Cifar or LayoutKind.Idx => Required(null, root, hints.Kind.Value.ToWireName()),
            _ => Detect(paths, tables, root),
        };
    }

    private static Outcome<DatasetLayout> Detect(IReadOnlyList<string> paths, IReadOnlyList<TableFile> tables, FolderNode root)
    {
        var folders = FolderLayout.Read(root, paths.Count, isChosen: false);
        var table = TableLayout.Read(paths, tables);
        if (table.Problem is { } broken && (folders.Problem is not null || folders.Value is null))
        {
            return broken;
        }

        if (table is { Problem: null, Value: { } labels }
            && labels.Placements.Count(place => place.IsTaken) >= MinShareOfTable * paths.Count)
        {
            return FromTableOrFolders(labels, folders);
        }

        if (folders.Problem is { } ambiguous)
        {
            return ambiguous;
        }

        if (folders.Value is { Classes.Count: > 1 } found)
        {
            // JSON beside images is usually none of ours, and is told of only if it would have been read.
            TableFile[] unused = [.. tables.Where(other => !other.IsLabel && (!other.IsJson || table.Problem is not null))];
            return unused.Length == 0 ? found : found with { Notes = [.. found.Notes, UnusedTables(unused, table.Problem)] };
        }

        // One folder, or none that can be a class: the names of the files may say more.
        return NameLayout.Detect(paths) ?? (folders.Value is { Classes.Count: 1 } single
            ? RequireNoOtherNames(single, paths)
            : Required(null, root, null));
    }

    private static Outcome<DatasetLayout> RequireNoOtherNames(DatasetLayout single, IReadOnlyList<string> paths) =>
        NameLayout.Suggested(paths) is { Count: > 0 } names
            ? LayoutProblems.Ambiguous(
                $"all images lie in the folder '{single.Classes[0]}', and their names begin with {LayoutProblems.List(names)}.",
                "Send layout=folders, or namePattern with the group label.")
            : single;

    private static string UnusedTables(IReadOnlyList<TableFile> tables, Problem? problem) =>
        $"Not used, since the folders name the classes: {LayoutProblems.List(tables.Select(table => table.Path))}."
        + (problem is null ? string.Empty : $" {problem.Detail}");

    /// <summary>The table's labels, unless folders with several classes say otherwise.</summary>
    private static Outcome<DatasetLayout> FromTableOrFolders(DatasetLayout table, Outcome<DatasetLayout?> folders)
    {
        if (folders is not { Problem: null, Value: { Classes.Count: > 1 } byFolder })
        {
            return table;
        }

        var differing = table.Placements.Zip(byFolder.Placements)
            .FirstOrDefault(pair => pair.First.IsTaken && pair.Second.Class is { } folder
                && !pair.First.Names.Any(label => ClassNames.Fold(label) == ClassNames.Fold(folder)));
        return differing == default
            ? (byFolder.HasSplits && !table.HasSplits ? WithSplits(table, byFolder) : table)
            : LayoutProblems.Ambiguous(
                $"an image lies in the folder '{differing.Second.Class}', and the table calls it "
                + $"{(differing.First.Names.Count == 0 ? "nothing" : LayoutProblems.List(differing.First.Names))}.",
                "Send layout=table or layout=folders.");
    }

    /// <summary>The splits of the folders; the labels of both are the same, unless the table has several an image.</summary>
    private static DatasetLayout WithSplits(DatasetLayout table, DatasetLayout byFolder) => table.Task == DatasetTask.SingleLabel
        ? byFolder
        : table with
        {
            HasSplits = true,
            Placements = [.. table.Placements.Zip(byFolder.Placements, (label, folder) => label with { Split = folder.Split })],
        };

    private static Outcome<DatasetLayout> Required(DatasetLayout? layout, FolderNode root, string? chosen) => layout is not null
        ? layout
        : LayoutProblems.Senseless(string.Concat(
            chosen is null ? string.Empty : $"layout={chosen} was asked for, and ",
            root.HasFolders ? $"the folders are {LayoutProblems.List(Top(root).Select(folder => folder.Path))}" : "there are no folders",
            root.HasImages ? $", and {LayoutProblems.Images(root.Images.Count)} outside of any." : "."));

    private static IEnumerable<FolderNode> Top(FolderNode root)
    {
        var folder = root;
        while (!folder.HasImages && folder.Folders is [var only] && only.HasFolders)
        {
            folder = only;
        }

        return folder.Folders;
    }

    /// <summary>Refuses classes that are rather images: one image each; and labels of which there are none.</summary>
    private static Outcome<DatasetLayout> RequireSense(DatasetLayout layout)
    {
        var classes = layout.Classes;
        var images = layout.Task == DatasetTask.SingleLabel
            ? layout.Placements.Count(place => place.IsTaken)
            : layout.Placements.Sum(place => place.Names.Count);
        var counted = layout.Task == DatasetTask.SingleLabel ? "images" : "labels";
        return classes.Count == 0 && layout.Task == DatasetTask.MultiLabel
            ? LayoutProblems.Senseless("the table gives no image a label.")
            : (classes.Count >= FewClasses && images == classes.Count) || (classes.Count >= ManyClasses && images < 1.5 * classes.Count)
            ? LayoutProblems.Senseless($"{images} {counted} would make {classes.Count} classes, such as {LayoutProblems.List(classes)}.")
            : layout;
    }
}
