using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads classes and splits from folders: <c>class/…</c>, <c>split/class/…</c>, <c>class/split/…</c>, below any number of wrapping
/// folders. Where two readings are possible it refuses. Null where folders name no classes at all, so that file names may.
/// </summary>
internal sealed class FolderLayout
{
    /// <summary>Largest share of images outside the splits that is left out with a note; above, the import is refused.</summary>
    private const double MaxShareOutside = 0.1;

    private readonly Placement?[] _placements;
    private readonly List<string> _notes = [];
    private bool _hasSplits;

    private FolderLayout(int count) => _placements = new Placement?[count];

    /// <summary>The layout, null where no folder can be a class, or the problem <c>dataset.layout-ambiguous</c>.</summary>
    /// <param name="root">The tree of all images.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="isChosen">
    /// True where the sender said that folders are classes: then a folder with a split's name may be a class, and of nested folders the
    /// first names the class.
    /// </param>
    public static Outcome<DatasetLayout?> Read(FolderNode root, int count, bool isChosen)
    {
        var layout = new FolderLayout(count);
        var top = SkipWrappers(root);
        if (!top.HasFolders)
        {
            return Outcome.Success<DatasetLayout?>(null);
        }

        return layout.ReadTop(top, isChosen) switch
        {
            { Problem: { } problem } => problem,
            { Value: false } => Outcome.Success<DatasetLayout?>(null),
            _ => Outcome.Success<DatasetLayout?>(layout.Finish()),
        };
    }

    /// <summary>
    /// Descends from the root while a folder holds nothing but one folder of folders. A single split (<c>train/cats</c>) is no wrapper, but
    /// a folder that holds splits only is, whatever its name.
    /// </summary>
    private static FolderNode SkipWrappers(FolderNode folder)
    {
        while (!folder.HasImages && folder.Folders is [var only] && !only.HasImages
            && (SplitNames.Parse(only.Name) is null || only.Folders.All(below => SplitNames.Parse(below.Name) is not null)))
        {
            folder = only;
        }

        return folder;
    }

    /// <summary>
    /// The folder of a split that holds its classes: descends through wrappers (<c>train/images/cats</c>) and the split's own name repeated
    /// (<c>training_set/training_set/cats</c>).
    /// </summary>
    private static FolderNode ClassesOf(FolderNode split)
    {
        var folder = split;
        while (!folder.HasImages && folder.Folders is [var only]
            && (!only.HasImages || (SplitNames.Parse(only.Name) is { } again && again == SplitNames.Parse(split.Name))))
        {
            folder = only;
        }

        return folder;
    }

    /// <summary>True if classes were found.</summary>
    private Outcome<bool> ReadTop(FolderNode top, bool isChosen)
    {
        var splits = top.Folders.Where(folder => SplitNames.Parse(folder.Name) is not null).ToArray();
        var labelled = splits.Where(split => ClassesOf(split).HasFolders).ToArray();
        if (labelled.Length > 0)
        {
            return ReadSplits(top, splits, labelled);
        }

        if (splits.Length > 0 && !isChosen)
        {
            var others = top.Folders.Where(folder => !splits.Contains(folder)).ToArray();
            if (others.Length == 0)
            {
                return false; // Splits without class folders: the labels must be elsewhere.
            }

            if (splits.Length > 1 || others.Length == 1)
            {
                return LayoutProblems.Ambiguous(
                    $"{LayoutProblems.List(splits.Select(folder => folder.Name))} are named like splits and hold images directly, as does "
                    + $"{LayoutProblems.List(others.Select(folder => folder.Name))}.",
                    "If each of these folders is a class, send layout=folders.");
            }

            _notes.Add($"The folder '{splits[0].Name}' holds images directly, beside {others.Length} others: it was taken for a class.");
        }

        return ReadClassesOrInnerSplits(top, isChosen);
    }

    private Outcome<bool> ReadSplits(FolderNode top, FolderNode[] splits, FolderNode[] labelled)
    {
        _hasSplits = true;
        var classes = labelled.ToDictionary(split => split, split => ClassesOf(split));
        foreach (var other in top.Folders.Except(splits))
        {
            if (LeaveOutside(top, other, classes.Values) is { } problem)
            {
                return problem;
            }
        }

        foreach (var split in splits.Except(labelled))
        {
            LeaveOut(split.AllImages, "it lies in no class's folder");
            _notes.Add($"{LayoutProblems.Images(split.Count)} in '{split.Path}' lie in no class's folder and were left out.");
        }

        LeaveOut(top.Images, "it lies outside train, validation and test");
        if (CheckShared([.. classes.Select(pair => (pair.Key, pair.Value))]) is { } disjoint)
        {
            return disjoint;
        }

        foreach (var (split, inner) in classes)
        {
            if (PlaceClasses(inner, SplitNames.Parse(split.Name)!.Value, isChosen: false) is { } problem)
            {
                return problem;
            }
        }

        NoteSplits(classes.Keys.Select(split => split.Name));
        return true;
    }

    private Problem? LeaveOutside(FolderNode top, FolderNode other, IEnumerable<FolderNode> classes)
    {
        var names = classes.SelectMany(inner => inner.Folders.Select(folder => folder.Name)).ToHashSet(StringComparer.Ordinal);
        var below = ClassesOf(other);
        if (below.Folders.Any(folder => names.Contains(folder.Name)))
        {
            return LayoutProblems.Ambiguous(
                $"'{other.Path}' holds the same classes as the splits beside it, but its name is no split's.",
                "Name it train, validation or test, or leave it out.");
        }

        if (!SplitNames.IsUnlabelled(other.Name) && other.Count > MaxShareOutside * top.Count)
        {
            return LayoutProblems.Ambiguous(
                $"{LayoutProblems.Images(other.Count)} lie in '{other.Path}', beside folders that are splits.",
                "Move them into a split, or leave them out.");
        }

        LeaveOut(other.AllImages, "it lies outside train, validation and test");
        _notes.Add($"{LayoutProblems.Images(other.Count)} in '{other.Path}' lie outside the splits and were left out.");
        return null;
    }

    /// <summary>A problem where the splits have no class in common: then they are no splits of one data set.</summary>
    private static Problem? CheckShared((FolderNode Split, FolderNode Inner)[] splits)
    {
        var train = splits.Where(pair => SplitNames.Parse(pair.Split.Name) == Split.Train)
            .SelectMany(pair => pair.Inner.Folders).Select(folder => ClassNames.Fold(folder.Name)).ToHashSet(StringComparer.Ordinal);
        var foreign = splits.FirstOrDefault(pair => train.Count > 0
            && pair.Inner.Folders.All(folder => !train.Contains(ClassNames.Fold(folder.Name))));
        return foreign == default
            ? null
            : LayoutProblems.Ambiguous(
                $"the folders in '{foreign.Split.Path}' ({LayoutProblems.List(foreign.Inner.Folders.Select(folder => folder.Name))}) "
                + "have no name in common with those of the training images.",
                "Give the splits the same class folders.");
    }

    private Outcome<bool> ReadClassesOrInnerSplits(FolderNode top, bool isChosen)
    {
        var folders = top.Folders.ToArray();
        var below = folders.Select(folder => folder.Folders.Select(inner => inner.Name).ToArray()).ToArray();
        var areNested = folders.Length > 1 && folders.All(folder => !folder.HasImages && folder.HasFolders);
        if (areNested && below.All(names => names.All(name => SplitNames.Parse(name) is not null)))
        {
            _hasSplits = true;
            LeaveOut(top.Images, "it lies in no class's folder");
            foreach (var (folder, split) in folders.SelectMany(folder => folder.Folders.Select(split => (folder, split))))
            {
                Place(split.AllImages, SplitNames.Parse(split.Name)!.Value, folder.Name);
            }

            NoteSplits(below.SelectMany(names => names).Distinct());
            return true;
        }

        if (areNested && !isChosen && below[0].Length > 1 && below.All(names => names.ToHashSet().SetEquals(below[0])))
        {
            return LayoutProblems.Ambiguous(
                $"the folders {LayoutProblems.List(folders.Select(folder => folder.Name))} all hold the same folders "
                + $"{LayoutProblems.List(below[0])}: they look like splits, but their names are no splits'.",
                "Rename them to train, validation and test, or send layout=folders to take the outer folders for classes.");
        }

        return PlaceClasses(top, Split.Train, isChosen) is { } problem ? problem : true;
    }

    /// <summary>Places the images of each folder under its name.</summary>
    private Problem? PlaceClasses(FolderNode parent, Split split, bool isChosen)
    {
        LeaveOut(parent.Images, "it lies in no class's folder");
        foreach (var folder in parent.Folders)
        {
            if (!isChosen && !folder.HasImages && folder.Folders.Count > 1 && folder.Folders.Any(inner => !IsPart(inner.Name)))
            {
                return LayoutProblems.Ambiguous(
                    $"'{folder.Path}' holds no image, only the folders {LayoutProblems.List(folder.Folders.Select(inner => inner.Name))}: "
                    + "either may name the class.",
                    "Send layout=folders to take the outer folder, or move the inner ones up.");
            }

            Place(folder.AllImages, split, folder.Name);
        }

        return null;
    }

    /// <summary>Whether a folder only divides a class: <c>001</c>, <c>batch2</c>, <c>2024-05-01</c>.</summary>
    private static bool IsPart(string name) =>
        name.Any(char.IsDigit) && name.Count(char.IsLetter) <= 5;

    private void Place(IEnumerable<int> images, Split split, string name)
    {
        var normal = ClassNames.Normalize(name);
        var placement = ResourceName.IsClass(normal)
            ? Placement.Labelled(split, normal)
            : Placement.LeftOut($"its folder is no class name, which {ResourceName.ClassRule}");
        foreach (var image in images)
        {
            _placements[image] = placement;
        }
    }

    private void LeaveOut(IEnumerable<int> images, string reason)
    {
        var placement = Placement.LeftOut(reason);
        foreach (var image in images)
        {
            _placements[image] = placement;
        }
    }

    /// <summary>Tells what each name was taken for, unless all are the plain ones.</summary>
    private void NoteSplits(IEnumerable<string> names)
    {
        (string Name, string Split)[] read = [.. names.Select(name => (name, SplitNames.Parse(name)!.Value.ToString().ToLowerInvariant()))];
        if (read.Any(pair => pair.Name != pair.Split))
        {
            _notes.Add($"Splits: {string.Join(", ", read.Select(pair => $"'{pair.Name}' as {pair.Split}"))}.");
        }
    }

    private DatasetLayout Finish() => new(LayoutKind.Folders, _hasSplits, [.. _placements.Select(place => place!)], _notes);
}
