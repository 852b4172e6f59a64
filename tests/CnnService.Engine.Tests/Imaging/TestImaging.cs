using CnnService.Core.Datasets;
using CnnService.Imaging;
using CnnService.Imaging.Codec;
using CnnService.Imaging.Import;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Engine.Tests.Imaging;

/// <summary>The imaging services over a folder of their own, deleted on dispose.</summary>
internal sealed class TestImaging : IDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="limits">Changes what an import may hold; null: the defaults.</param>
    /// <param name="replace">Replaces services; null: none.</param>
    public TestImaging(Action<ImportOptions>? limits = null, Action<IServiceCollection>? replace = null)
    {
        Folder = Directory.CreateTempSubdirectory("cnn-imaging-").FullName;
        var services = new ServiceCollection().AddImaging()
            .Configure<ImagingOptions>(options => options.PixelCacheFolder = Path.Combine(Folder, "pixels"))
            .Configure(limits ?? (_ => { }));
        replace?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public string Folder { get; }

    public IImageDecoder Decoder => _services.GetRequiredService<IImageDecoder>();

    public IPixelCache Cache => _services.GetRequiredService<IPixelCache>();

    public IDatasetImporter Importer => _services.GetRequiredService<IDatasetImporter>();

    public IDatasetEditor Editor => _services.GetRequiredService<IDatasetEditor>();

    public IDatasetInspector Inspector => _services.GetRequiredService<IDatasetInspector>();

    public IThumbnailer Thumbnailer => _services.GetRequiredService<IThumbnailer>();

    /// <summary>Imports into a new folder below <see cref="Folder"/>.</summary>
    public async Task<(string Folder, Core.Common.Outcome<DatasetManifest> Result)> ImportAsync(
        DatasetOrigin origin, string source, string name = "data", string? nameEncoding = null, LayoutHints? layout = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "datasets", name)).FullName;
        var import = new DatasetImport
        {
            Name = name,
            Origin = origin,
            Source = origin == DatasetOrigin.Folder ? Core.Common.RegularFile.RealPath(source) : source,
            Folder = folder,
            NameEncoding = nameEncoding,
            Layout = layout ?? new(),
        };
        return (folder, await Importer.ImportAsync(import, new Progress<ImportProgress>(), CancellationToken.None));
    }

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
