using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Reads labels, and splits where there are any, from tables.</summary>
internal static class TableLayout
{
    /// <summary>
    /// The layout, or null where no table names images and labels. Problems: <c>dataset.table-unreadable</c>;
    /// <c>dataset.layout-ambiguous</c> where a row may mean several images, or an image has two labels in several rows;
    /// <c>dataset.several-labels</c> where it has them in one.
    /// </summary>
    /// <param name="paths">The images.</param>
    /// <param name="files">The tables.</param>
    /// <param name="kind">The only kind of table that counts; null: any.</param>
    public static Outcome<DatasetLayout?> Read(IReadOnlyList<string> paths, IReadOnlyList<TableFile> files, LayoutKind? kind = null)
    {
        var index = new ImageIndex(paths);
        var placements = new Placement?[paths.Count];
        var used = new List<LabelTable>();
        var missing = new List<string>();
        var tables = Parse(paths, files);
        if (tables.Problem is { } unreadable)
        {
            return unreadable;
        }

        foreach (var table in tables.Value.Where(table => kind is null || table.Kind == kind))
        {
            var before = missing.Count;
            foreach (var row in table.Rows)
            {
                if (Place(paths, index, placements, table, row, missing) is { } problem)
                {
                    return problem;
                }
            }

            if (missing.Count - before < table.Rows.Count)
            {
                used.Add(table);
            }
        }

        return Outcome.Success(used.Count == 0 ? null : Layout(paths, placements, used, missing));
    }

    /// <summary>The tables that name images and labels.</summary>
    private static Outcome<List<LabelTable>> Parse(IReadOnlyList<string> paths, IReadOnlyList<TableFile> files)
    {
        var tables = new List<LabelTable>();
        var keys = paths.Select(WebDatasetLabels.KeyOf).ToHashSet(StringComparer.Ordinal);
        if (WebDatasetLabels.Read(files, keys) is { } labels)
        {
            tables.Add(labels);
        }

        foreach (var file in files.Where(file => !file.IsLabel))
        {
            var table = LabelTable.Parse(file);
            if (table.Problem is { } unreadable)
            {
                return unreadable;
            }

            if (table.Value is { } found)
            {
                tables.Add(found);
            }
        }

        return tables;
    }

    private static Problem? Place(
        IReadOnlyList<string> paths, ImageIndex index, Placement?[] placements, LabelTable table, LabelRow row, List<string> missing)
    {
        var (tablePath, isSeveral) = (table.Path, table.Task == DatasetTask.MultiLabel);
        var split = row.Split is { Length: > 0 } named ? SplitNames.Parse(named) : SplitOfTable(tablePath);
        if (row.Split is { Length: > 0 } && split is null)
        {
            return Problem.Unprocessable("dataset.table-unreadable",
                $"Row {row.Number} of '{tablePath}' names the split '{ReceivedText.Text(row.Split)}'; known are "
                + "train, validation and test.");
        }

        var found = index.Find(tablePath, row.File);
        if (found.Length == 0)
        {
            found = index.Find(tablePath, LabelStudioTasks.WithoutPrefix(row.File));
        }

        if (found.Length > 1 && split is not null)
        {
            found = [.. found.Where(i => NameLayout.SplitOf(paths[i]) == split)];
        }

        if (found.Length > 1)
        {
            return LayoutProblems.Ambiguous(
                $"row {row.Number} of '{tablePath}', '{ReceivedText.Text(row.File)}', fits "
                + $"{LayoutProblems.List(found.Select(i => paths[i]))}.",
                "Write the paths of the images into the table.");
        }

        if (found.Length == 0)
        {
            missing.Add(row.File);
            return null;
        }

        var placement = Placed(row, isSeveral, split ?? NameLayout.SplitOf(paths[found[0]]) ?? Split.Train);
        if (placements[found[0]] is { } other && !IsSame(other, placement))
        {
            return LayoutProblems.Ambiguous(
                $"'{ReceivedText.Text(paths[found[0]])}' has the labels {Told(other)} and {Told(placement)} in the tables.",
                "Keep one row per image.");
        }

        placements[found[0]] = placement;
        return null;
    }

    private static bool IsSame(Placement a, Placement b) =>
        a.IsTaken == b.IsTaken && a.Names.Order(StringComparer.Ordinal).SequenceEqual(b.Names.Order(StringComparer.Ordinal));

    private static string Told(Placement placement) => placement.Names.Count == 0 ? "''" : LayoutProblems.List(placement.Names);

    private static Placement Placed(LabelRow row, bool isSeveral, Split split) => isSeveral
        ? row.Several is null ? Placement.LeftOut("the table says nothing of its labels") : Placement.CreateSeveral(split, row.Several)
        : ClassNames.Normalize(row.Label).Length == 0 ? Placement.LeftOut("the table gives it no label")
        : Placement.Create(split, row.Label);

    /// <summary>The split in a table's name: <c>train.csv</c>, <c>test_labels.csv</c>, <c>val/metadata.jsonl</c>.</summary>
    private static Split? SplitOfTable(string path)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        foreach (var word in (string[])["labels", "label", "metadata", "annotations", "annotation", "instances", "csv"])
        {
            stem = stem.Replace(word, string.Empty, StringComparison.OrdinalIgnoreCase);
        }

        return SplitNames.Parse(stem) ?? NameLayout.SplitOf(path);
    }

    private static DatasetLayout Layout(
        IReadOnlyList<string> paths, Placement?[] placements, List<LabelTable> used, List<string> missing)
    {
        string[] names = [.. used.Select(table => table.Path)];
        LayoutKind[] kinds = [.. used.Select(table => table.Kind).Distinct()];
        var notes = new List<string> { $"The labels were read from {LayoutProblems.List(names)}." };
        var without = placements.Count(place => place is null);
        if (without > 0)
        {
            notes.Add($"{LayoutProblems.Images(without)} have no row in {LayoutProblems.List(names)} and were left out.");
        }

        if (missing.Count > 0)
        {
            notes.Add($"{missing.Count} rows name files that are not there: {LayoutProblems.List(missing)}.");
        }

        var task = used.Exists(table => table.Task == DatasetTask.MultiLabel) ? DatasetTask.MultiLabel : DatasetTask.SingleLabel;
        Placement[] placed = [.. placements.Select(place => place ?? Placement.LeftOut("no row of the table names it"))];
        if (task == DatasetTask.MultiLabel)
        {
            placed = [.. placed.Select(place => place.AsSeveral())];
            notes.Add(DatasetLayout.DescribeSeveral(placed));
        }

        var labelled = placed.Where(place => place.IsTaken).Select(place => place.Split).Distinct().ToArray();
        var hasSplits = labelled is not ([] or [Split.Train]) || paths.Any(path => NameLayout.SplitOf(path) is not null);
        return new(kinds is [var only] ? only : LayoutKind.Table, hasSplits, placed, notes) { Task = task };
    }
}
