using System.Diagnostics;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Imaging.Health;

/// <summary>Near duplicates that Python's Pillow made among 3,000 photographs of cats and dogs.</summary>
[LongProof]
public sealed class RealDuplicatesTests(ITestOutputHelper output) : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Mark = "planted-";

    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Scan_OfPlantedNearDuplicates_FindsThemAndHardlyAnythingElse(int seed)
    {
        var cancel = TestContext.Current.CancellationToken;
        var source = Path.Combine(_imaging.Folder, "planted");
        await PlantAsync(source, seed, cancel);
        var (folder, imported) = await _imaging.ImportAsync(DatasetOrigin.Folder, source);
        var watch = Stopwatch.StartNew();
        using var slots = new DecodeSlots();

        var health = await new HealthScan(_imaging.Decoder, slots).RunAsync(folder, imported.Value, null, cancel);

        var near = health.Groups.Where(group => !group.IsExact).ToArray();
        var found = near.SelectMany(group => group.Images).Where(image => image.Source.Contains(Mark, StringComparison.Ordinal))
            .Count(copy => near.Any(group => group.Images.Contains(copy) && group.Images.Any(other => IsOriginal(other, copy))));
        var wrong = near.SelectMany(group => group.Images)
            .Count(image => !near.Any(group => group.Images.Contains(image) && group.Images.Any(other => IsRelated(image, other))));
        output.WriteLine(
            $"{found} of 100 found, {wrong} images wrongly, {near.Length} groups, {watch.Elapsed.TotalSeconds:F1} s; the least similar "
            + $"{near.Min(group => group.Similarity):F3}");
        Assert.True(found >= 95 && wrong <= 5, $"{found} found, {wrong} wrong");
        Assert.True(health.Duplicates.LeakedValidation > 0 && health.Duplicates.Conflicting > 0);
    }

    private static bool IsOriginal(HealthImage image, HealthImage copy) => image != copy && Name(image) == Name(copy);

    /// <summary>Copies of one photograph; 4126 and 4575 are near copies in the collection itself.</summary>
    private static bool IsRelated(HealthImage image, HealthImage other) =>
        IsOriginal(image, other) || (Name(image), Name(other)) is ("cat.4126.jpg", "cat.4575.jpg") or ("cat.4575.jpg", "cat.4126.jpg");

    private static string Name(HealthImage image) => Path.GetFileName(image.Source).Split('-')[^1];

    private static async Task PlantAsync(string target, int seed, CancellationToken cancel)
    {
        var script = Path.Combine(Repository.Root, "tests", "CnnService.Engine.Tests", "Imaging", "Health", "plant.py");
        var start = new ProcessStartInfo(
            Python, [script, SharedData.Path("dogs-vs-cats-small"), target, $"{seed}"])
        {
            RedirectStandardError = true,
        };
        if (!File.Exists(Python))
        {
            Assert.Skip("needs /usr/bin/python3 with PIL (Debian's python3-pil)");
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (errors.Contains("No module named 'PIL'", StringComparison.Ordinal))
        {
            Assert.Skip("needs /usr/bin/python3 with PIL (Debian's python3-pil)");
        }

        Assert.True(process.ExitCode == 0, errors);
    }
}
