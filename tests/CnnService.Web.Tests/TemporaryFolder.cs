namespace CnnService.Web.Tests;

/// <summary>A folder that goes with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cnnservice-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
