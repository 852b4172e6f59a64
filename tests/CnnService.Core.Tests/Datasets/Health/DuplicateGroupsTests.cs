using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Tests.Datasets.Health;

public class DuplicateGroupsTests
{
    private static readonly DatasetImage[] Images =
    [
        Image("a", Split.Train, 0, "1"), Image("b", Split.Train, 0, "1"), Image("c", Split.Validation, 0, "1"),
        Image("d", Split.Train, 1, "2"), Image("e", Split.Test, 0, "3"), Image("f", Split.Validation, 1, "4"),
    ];

    /// <summary>Contents 1 (a, b, c), 2 (d), 3 (e), 4 (f); 2 and 3 look the same.</summary>
    private static readonly DuplicateGroups Groups = new(
        Images, label => new[] { "cat", "dog" }[label], [[0, 1, 2], [3], [4], [5]], [new(1, 2, 0.98f)]);

    [Fact]
    public void Count_CountsLeaksAndConflictsOfEqualAndSimilarImages() => Assert.Equal(
        new DuplicateCounts(
            ExactGroups: 1, ExactImages: 2, NearGroups: 1, NearImages: 1, LeakedValidation: 1, LeakedTest: 1, Conflicting: 2),
        Groups.Count());

    [Fact]
    public void List_PutsWhatIsInTwoClassesFirst()
    {
        var listed = Groups.List(10);

        Assert.Equal([["d", "e"], ["a", "b", "c"]], listed.Select(group => group.Images.Select(image => image.Id)));
        Assert.Equal([(false, true, true), (true, true, false)],
            listed.Select(group => (group.IsExact, group.AcrossSplits, group.AcrossClasses)));
    }

    [Fact]
    public void Tell_SaysWhatSpoilsTheTraining()
    {
        var health = new DatasetHealth
        {
            Dataset = "pets",
            Digest = "0",
            Images = 6,
            Classes = [new("cat", 300, 10, 1), new("dog", 90, 10, 1)],
            Duplicates = Groups.Count(),
            Groups = [],
            FaultCounts = [new(ImageFault.Blank, 2)],
            Faults = [],
            Notes = [],
        };

        var findings = HealthFindings.Tell(health);

        Assert.Equal(
            ["images.leaked", "images.leaked", "images.conflicting", "images.duplicated", "images.blank", "classes.unbalanced"],
            findings.Select(finding => finding.Code));
        Assert.StartsWith("The validation split holds 1 image that is also in training", findings[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("3 images are further copies of others (", findings[3].Text, StringComparison.Ordinal);
        Assert.Equal([1, 1, 2, 3, 2, 2], findings.Select(finding => finding.Count));
        Assert.StartsWith("1 image is a further copy of another (", HealthFindings.Tell(health with
        {
            Duplicates = new(1, 1, 0, 0, 0, 0, 0),
        })[0].Text, StringComparison.Ordinal);
        Assert.Empty(HealthFindings.Tell(health with
        {
            Duplicates = new(0, 0, 0, 0, 0, 0, 0),
            FaultCounts = [],
            Classes = [new("cat", 20, 1, 1), new("dog", 30, 1, 1)],
        }));
    }

    private static DatasetImage Image(string id, Split split, int label, string content) =>
        new(id, split, label, content, "image/png", 8, 8, id + ".png");
}
