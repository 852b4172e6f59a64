using System.IO.Compression;
using CnnService.Core.Common;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

/// <summary>A zip with a network and its weights: told apart by the last part of each name, and never a path.</summary>
public sealed class ModelBundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-bundle-").FullName;

    [Fact]
    public void Unpack_NetworkAndWeights_AreFoundByTheLastPartOfTheirNames()
    {
        var plan = Unpack(("export/model.onnx", "network"), ("..\\..\\model.onnx.data", "weights"), (".DS_Store", "x")).Value;

        Assert.Equal("network", File.ReadAllText(plan.File));
        Assert.Equal(["model.onnx.data"], plan.Companions.Keys);
        Assert.Equal("weights", File.ReadAllText(plan.Companions["model.onnx.data"]));
        Assert.All(plan.Companions.Values.Append(plan.File), path => Assert.Equal(Files, Path.GetDirectoryName(path)));
    }

    [Fact]
    public void Unpack_ArchiveWithoutANetwork_IsLeftAsItIs()
    {
        var plan = Unpack(("archive/data.pkl", "code"), ("archive/data/0", "weights")).Value;

        Assert.Equal(Path.Combine(_folder, "all.zip"), plan.File);
        Assert.False(Directory.Exists(Files));
    }

    [Fact]
    public void Unpack_WhatIsNoArchive_IsLeftAsItIs()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "PK and nothing more");

        Assert.Equal(path, ModelBundle.Unpack(new(path, null, null, null), Files).Value.File);
    }

    [Fact]
    public void Unpack_TwoNetworks_IsRefused() => AssertRefused("several .onnx files", ("a.onnx", "1"), ("b.ONNX", "2"));

    [Fact]
    public void Unpack_TwoFilesOfOneName_IsRefused() => AssertRefused("'w' twice", ("a.onnx", "1"), ("x/w", "2"), ("y/w", "3"));

    [Fact]
    public void Unpack_TooManyFiles_IsRefused() => AssertRefused("64 files",
        [("a.onnx", "1"), .. Enumerable.Range(0, 64).Select(i => ($"w{i}", "2"))]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Files => Path.Combine(_folder, "files");

    private void AssertRefused(string said, params (string Name, string Content)[] entries)
    {
        var problem = Unpack(entries).Problem!;

        Assert.Equal("model.archive", problem.Code);
        Assert.Contains(said, problem.Detail, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Files));
    }

    private Outcome<ModelImportPlan> Unpack(params (string Name, string Content)[] entries)
    {
        var path = Path.Combine(_folder, "all.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(content);
            }
        }

        return ModelBundle.Unpack(new(path, null, null, null), Files);
    }
}
