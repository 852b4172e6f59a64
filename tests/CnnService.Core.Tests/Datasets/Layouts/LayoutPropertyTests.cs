using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Core.Tests.Datasets.Layouts;

/// <summary>Random trees whose meaning is known because they were made from it.</summary>
public sealed class LayoutPropertyTests
{
    private static readonly string[] Names =
        ["cat", "Hund", "猫", "great pyrenees", "class-1", "n02085620", "été", "0", "1", "train", "Ö", "sea_lion", "x.y", "bus",
            "test tube"];

    private static readonly string[] Wrappers = ["my images", "archive (1)"];

    private static readonly string[][] SplitForms =
    [
        ["train", "training", "training_set", "Train", "seg_train", "train2017", "trainset", "train_images"],
        ["val", "valid", "validation", "dev", "Validation", "val_set", "val2017", "eval"],
        ["test", "testing", "test_set", "Test", "seg_test", "test1", "testset", "test_images"],
    ];

    [Fact]
    public void Detect_OfRandomTrees_IsNeverWrongInSilence()
    {
        var refused = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var (paths, tables, expected) = Make(new CounterRandom(91, (ulong)seed));

            var found = LayoutDetector.Detect(paths, tables, new() { MergeCase = false });

            if (found.Problem is null)
            {
                Assert.Equal(expected, Placed(paths, found.Value).Order(StringComparer.Ordinal));
            }
            else
            {
                Assert.StartsWith("dataset.", found.Problem.Code, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused < 80, $"{refused} of 2000 refused"); // Most have one meaning for a person.
    }

    private static IEnumerable<string> Placed(string[] paths, DatasetLayout layout) => layout.Placements
        .Select((place, i) => place.Class is null ? null : $"{paths[i]}: {place.Split} {place.Class}").OfType<string>();

    /// <summary>A tree, its tables, and "path: split class" of every labelled image in ordinal order.</summary>
    private static (string[] Paths, TableFile[] Tables, IEnumerable<string> Expected) Make(CounterRandom random)
    {
        int Next(int below) => random.NextInt32(below);
        string[] classes = [.. Names.OrderBy(_ => Next(1 << 20)).Take(2 + Next(4))];
        var wrap = string.Concat(Wrappers.Take(Next(3)).Select(name => $"{name}/"));
        var form = Next(4);
        var hasSplits = Next(2) == 0;
        var rows = new List<(string Path, Split Split, string Class)>();
        foreach (var split in hasSplits ? [Split.Train, Split.Validation, Split.Test] : new[] { Split.Train })
        {
            var name = SplitForms[(int)split][Next(8)];
            var folder = hasSplits ? (Next(3) == 0 ? $"{name}/{name}/" : $"{name}/") : string.Empty;
            foreach (var (label, at) in classes.Select((label, at) => (label, at)))
            {
                rows.AddRange(Enumerable.Range(0, 2 + Next(3)).Select(i => (form switch
                {
                    0 or 1 => $"{wrap}{folder}{label}/{i}.jpg",
                    2 when classes.All(each => each.All(char.IsLetter)) => $"{wrap}{folder}{label}.{i}.jpg",
                    2 => $"{wrap}{folder}{label}/{label}_{i}.png",
                    _ => $"{wrap}{folder}{(int)split}_{at}_{i}.jpg",
                }, split, label)));
            }
        }

        TableFile[] tables = form == 3
            ? [new($"{wrap}labels.csv", "file_name,label,split\n" + string.Concat(rows.Select(row =>
                $"\"{row.Path[wrap.Length..]}\",\"{row.Class}\",{row.Split.ToString().ToLowerInvariant()}\n")))]
            : Next(3) == 0 ? [new($"{wrap}history.csv", "epoch,loss\n1,0.7\n")] : [];
        return ([.. rows.Select(row => row.Path)], tables,
            rows.Select(row => $"{row.Path}: {row.Split} {row.Class}").Order(StringComparer.Ordinal));
    }
}
