using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Health;

/// <summary>Tells in plain language what is wrong with a data set, what spoils a training most first.</summary>
public static class HealthFindings
{
    public const string LeakedCode = "images.leaked";

    public const string ConflictingCode = "images.conflicting";

    public const string DuplicatesCode = "images.duplicated";

    public const string UnbalancedCode = "classes.unbalanced";

    public const string FewCode = "classes.few-images";

    public const string UnvalidatedCode = "classes.unvalidated";

    public const string MissingCode = "classes.missing";

    public const string DoubtedCode = "labels.doubted";

    /// <summary>The largest class has at least so many times the images of the smallest.</summary>
    private const int UnbalancedRatio = 3;

    private const int FewImages = 10;

    /// <summary>Classes that a finding names.</summary>
    private const int MaxNamed = 5;

    /// <summary>Empty where nothing is wrong.</summary>
    public static IReadOnlyList<HealthFinding> Tell(DatasetHealth health)
    {
        ArgumentNullException.ThrowIfNull(health);
        var same = health.Duplicates;
        HealthFinding?[] findings =
        [
            Leaked("validation", same.LeakedValidation),
            Leaked("test", same.LeakedTest),
            Count(ConflictingCode, same.Conflicting, n =>
                $"{Images(n)} also in another class: whatever the network answers, one of the two is counted as a mistake. Decide which "
                + "class is right."),
            Doubted(health.Labels),
            Fault(health, ImageFault.Unreadable, n => $"{Images(n)} no longer readable: a training on them fails."),
            Count(DuplicatesCode, same.ExactImages + same.NearImages, n =>
                $"{Images(n)} {(n == 1 ? "a further copy of another" : "further copies of others")} ({same.ExactImages} equal, "
                + $"{same.NearImages} scaled, recompressed or cropped): what is there twice weighs more than the rest."),
            Fault(health, ImageFault.Blank, n => $"{Images(n)} one even surface: nothing can be learned from it."),
            Fault(health, ImageFault.Tiny, n => $"{Images(n)} far smaller than the others."),
            Fault(health, ImageFault.Odd, n =>
                $"{Images(n)} far from the others in shape, size, brightness or colour: look whether they belong."),
            Unbalanced(health.Classes),
            Few(health.Classes),
            Unvalidated(health.Classes),
        ];
        return [.. findings.OfType<HealthFinding>()];
    }

    /// <summary>Folders of the import of which no class came, unless it has come since; null where there is none.</summary>
    public static HealthFinding? Missing(DatasetManifest dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        string[] missing = [.. dataset.Layout.MissingClasses.Except(dataset.Classes)];
        return Count(MissingCode, missing.Length, n =>
            $"{Names(missing)}: no image came of {(n == 1 ? "this folder" : "these folders")}, so that the network will not know "
            + $"{(n == 1 ? "this class" : "these classes")}.");
    }

    private static HealthFinding? Leaked(string split, int count) => Count(
        LeakedCode, count, n => $"The {split} split holds {n} {(n == 1 ? "image that is" : "images that are")} also in training: its "
            + "figures look better than the network is.");

    private static HealthFinding? Fault(DatasetHealth health, ImageFault fault, Func<int, string> text) => Count(
        $"images.{Common.WireName.ToWireName(fault)}", health.FaultCounts.FirstOrDefault(one => one.Fault == fault)?.Count ?? 0,
        text);

    private static HealthFinding? Doubted(LabelDoubts? labels) => labels is null ? null : Count(
        DoubtedCode, labels.Doubted, n => $"'{labels.Model}:{labels.Version}' speaks clearly against {n} of {labels.Judged} labels: look "
            + "at them, the most doubtful first, and put right those that are wrong.");

    private static HealthFinding? Unbalanced(IReadOnlyList<ClassBalance> classes)
    {
        var (largest, smallest) = (classes.MaxBy(one => one.Train), classes.Where(one => one.Train > 0).MinBy(one => one.Train));
        return largest is not null && smallest is not null && largest.Train >= UnbalancedRatio * smallest.Train
            ? new(UnbalancedCode,
                $"'{largest.Name}' has {largest.Train} training images and '{smallest.Name}' {smallest.Train}: "
                + "without classWeights the network prefers the larger class.", classes.Count)
            : null;
    }

    private static HealthFinding? Few(IReadOnlyList<ClassBalance> classes)
    {
        ClassBalance[] few = [.. classes.Where(one => one.Train < FewImages)];
        return Count(FewCode, few.Length, n =>
            $"{n} of {classes.Count} classes have fewer than {FewImages} training images: "
            + $"{Listing.First([.. few.Select(one => $"'{one.Name}' {one.Train}")], MaxNamed)}.");
    }

    private static HealthFinding? Unvalidated(IReadOnlyList<ClassBalance> classes)
    {
        string[] without = [.. classes.Where(one => one.Train > 0 && one.Validation == 0).Select(one => one.Name)];
        return Count(UnvalidatedCode, without.Length < classes.Count ? without.Length : 0, n =>
            $"{Names(without)}: without validation images, while other classes have some. The figures do not tell how well the network "
            + "knows them.");
    }

    private static string Names(string[] names) => Listing.First([.. names.Select(name => $"'{name}'")], MaxNamed);

    private static HealthFinding? Count(string code, int count, Func<int, string> text) => count > 0 ? new(code, text(count), count) : null;

    private static string Images(int count) => count == 1 ? "1 image is" : $"{count} images are";
}
