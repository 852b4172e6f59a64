using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

public sealed class RunFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cnnservice-run-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void TakeOver_OfAFormerAttempt_MovesWhatANewOneGoesOnFrom_AndDeletesTheRest()
    {
        var former = Attempt("1", "checkpoints/a.ckpt", "snapshots/00001/weights.safetensors", "history.json", "evaluation.json",
            "package/manifest.json", "plan.json", "tensorboard/events");
        var folder = Attempt("2");

        RunFolder.TakeOver(former, folder);

        Assert.Equal(
            ["checkpoints/a.ckpt", "evaluation.json", "history.json", "package/manifest.json", "snapshots/00001/weights.safetensors"],
            Files(folder));
        Assert.False(Directory.Exists(former));
    }

    [Fact]
    public void TakeOver_OfSeveralAttemptsNewestFirst_KeepsTheNewestOfEachPart()
    {
        var first = Attempt("1", "checkpoints/old.ckpt", "history.json");
        var second = Attempt("2", "checkpoints/new.ckpt"); // Broke off while it took over from the first.
        var folder = Attempt("3");

        RunFolder.TakeOver(second, folder);
        RunFolder.TakeOver(first, folder);

        Assert.Equal(["checkpoints/new.ckpt", "history.json"], Files(folder));
    }

    private string Attempt(string name, params string[] files)
    {
        var folder = _root.CreateSubdirectory(name).FullName;
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
        }

        return folder;
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
