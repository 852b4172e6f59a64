using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>Techniques of interpretation are built alike: whoever knows one finds the way through all.</summary>
public class TechniqueTests
{
    private const string Folder = "src/CnnService.Core/Interpretation/";

    /// <summary>Folders that hold what several techniques use, lowest first.</summary>
    internal static readonly string[][] Rooms = [["Layers", "Classes"], ["Rendering"], ["Ascent", "Scans"]];

    private static readonly Dictionary<string, string[]> Absent = new(StringComparer.Ordinal)
    {
        // One call from a complete request to a figure: no names to resolve, no numbers, nothing to cache.
        ["Augmentation"] = ["Plan", "Figures", "Image", "Pipeline"],

        // Labels are judged and not drawn: the figures are those of a data set's health, which shows them beside its own findings.
        ["Labels"] = ["Request", "Figures", "Image"],

        // The plan is PatternJob, which the renderer carries out and other techniques create.
        ["Patterns"] = ["Plan"],

        // A layer and images are all that is asked for; the figures are LayerScan, which examples use too.
        ["Statistics"] = ["Request", "Figures"],
    };

    [Fact]
    public void Techniques_HoldTheSameFiles() => Assert.Empty(TechniqueRules.Violations(
        [.. Product.Sources().Where(source => source.Name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(source => source.Name[Folder.Length..])],
        [.. Rooms.SelectMany(rooms => rooms)],
        Absent));

    [Theory]
    [InlineData("Request")]
    [InlineData("Plan")]
    [InlineData("Figures")]
    [InlineData("Image")]
    [InlineData("Pipeline")]
    public void Violations_TechniqueThatLacksAPart_AreFound(string part) => Assert.Equal(
        [$"Guilty lacks Guilty{part}.cs."],
        TechniqueRules.Violations([.. Whole("Guilty").Where(file => !file.EndsWith($"{part}.cs", StringComparison.Ordinal))], [], None));

    [Fact]
    public void Violations_PartInASharedRoom_IsNone()
    {
        string[] files = [.. Whole("Film").Select(file => file.Replace("Film/FilmPlan", "Room/FilmPlan", StringComparison.Ordinal))];

        Assert.Empty(TechniqueRules.Violations(files, ["Room"], None));
    }

    [Fact]
    public void Violations_FileBesideTheFolders_AreFound() => Assert.Equal(
        ["Loose.cs lies in no folder."], TechniqueRules.Violations([.. Whole("Whole"), "Loose.cs"], [], None));

    [Fact]
    public void Violations_FolderWithoutParts_AreFound() => Assert.Equal(
        ["Guilty holds none of Request, Plan, Figures, Image, Pipeline."], TechniqueRules.Violations(["Guilty/Other.cs"], [], None));

    [Fact]
    public void Violations_PermissionThatNobodyNeeds_AreFound() => Assert.Equal(
        ["Whole has WholePlan.cs: it needs no permission to lack it.", "Gone has permissions and no folder."],
        TechniqueRules.Violations(
            [.. Whole("Whole")], [], new Dictionary<string, string[]> { ["Whole"] = ["Plan"], ["Gone"] = ["Plan"] }));

    private static Dictionary<string, string[]> None { get; } = [];

    private static IEnumerable<string> Whole(string name) => TechniqueRules.Parts.Select(part => $"{name}/{name}{part}.cs");
}
