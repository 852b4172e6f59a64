using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests;

/// <summary>Data sets that exist on paper: a manifest, and no images behind it.</summary>
internal static class SomeDataset
{
    /// <param name="name">Its name.</param>
    /// <param name="classes">Each with an image for training, but for those in <paramref name="empty"/>.</param>
    /// <param name="empty">Classes without one.</param>
    public static DatasetManifest Manifest(string name, string[] classes, params string[] empty) => new()
    {
        Name = name,
        Classes = classes,
        Channels = 3,
        Images = [.. classes.Index().Where(c => !empty.Contains(c.Item)).Select(c =>
            new DatasetImage($"id-{c.Index}", Split.Train, c.Index, Sha256(c.Index), "image/png", 16, 16, $"{c.Item}/1.png"))],
        Mean = [0.5, 0.5, 0.5],
        Std = [0.25, 0.25, 0.25],
        Digest = new string('1', 64),
        CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Bytes = 1,
    };

    /// <summary>The hash that an image has, which names its file.</summary>
    public static string Sha256(int image) => $"{image:d64}";

    /// <summary>Adds a data set that is ready to a running service.</summary>
    public static async Task AddReadyAsync(IServiceProvider services, DatasetManifest manifest)
    {
        var folder = Directory.CreateDirectory(services.GetRequiredService<DataFolders>().Dataset(manifest.Name)).FullName;
        DatasetFolder.Publish(folder, manifest);
        await AddAsync(services, manifest.Name);
        await services.ImportedAsync(manifest.Name);
    }

    /// <summary>Adds a data set whose import has not begun.</summary>
    public static async Task AddAsync(IServiceProvider services, string name) =>
        Assert.True((await services.GetRequiredService<DatasetStore>().CreateAsync(
        new() { Name = name, Origin = DatasetOrigin.Sample, Source = "shapes", Folder = "/none" })).Succeeded);
}
