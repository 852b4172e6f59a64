namespace CnnService.Web.Artifacts;

/// <summary>The paths of all data of the service, below one root folder.</summary>
internal sealed class DataFolders(string root)
{
    public const string Setting = "DataDirectory";

    public const string Default = "cnnservice-data";

    public string Root { get; } = Path.GetFullPath(root);

    public string Database => Path.Combine(Root, "cnnservice.db");

    /// <summary>Copies of the database, made by the service.</summary>
    public string Backups => Path.Combine(Root, "backups");

    /// <summary>How fast the machine was measured to be.</summary>
    public string Speed => Path.Combine(Root, "machine.json");

    public string Lock => Path.Combine(Root, "service.lock");

    public string Datasets => Path.Combine(Root, "datasets");

    public string Runs => Path.Combine(Root, "runs");

    public string Models => Path.Combine(Root, "models");

    public string Comparisons => Path.Combine(Root, "comparisons");

    /// <summary>Predictions of whole data sets, one folder per job.</summary>
    public string Classifications => Path.Combine(Root, "classifications");

    /// <summary>Images captured with their predictions, one folder per model.</summary>
    public string Captured => Path.Combine(Root, "captured");

    public string PixelCache => Path.Combine(Root, "cache", "pixels");

    /// <summary>Features of images; can be deleted at any time.</summary>
    public string FeatureCache => Path.Combine(Root, "cache", "features");

    public string ImageCache => Path.Combine(Root, "cache", "images");

    /// <summary>Model packages made of the trained starts; made again where they are missing.</summary>
    public string Starts => Path.Combine(Root, "starts");

    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>ASP.NET data protection keys, used by the dashboard's forms.</summary>
    public string Keys => Path.Combine(Root, "keys");

    public string Dataset(string name) => Path.Combine(Datasets, name);

    public string Run(string id) => Path.Combine(Runs, id);

    /// <summary>Where the newest attempt at a run writes, or wrote, what <c>RunFolder</c> names.</summary>
    public string RunFiles(string id) => AttemptFolders.Newest(Run(id)) ?? Run(id);

    /// <summary>Data sets that are being imported.</summary>
    public string Imports => Path.Combine(Root, "imports");

    public string Import(string dataset) => Path.Combine(Imports, dataset);

    public string Comparison(string id) => Path.Combine(Comparisons, id);

    /// <summary>Baselines: predictions of versions on validation images, for versions that do not contain their own.</summary>
    public string Baselines => Path.Combine(Root, "baselines");

    public string Classification(string id) => Path.Combine(Classifications, id);

    public string CapturedOf(string model) => Path.Combine(Captured, model);

    public string Model(string name) => Path.Combine(Models, name);

    public string ModelVersion(string name, int version) =>
        Path.Combine(Models, name, version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Creates missing folders.</summary>
    /// <exception cref="StartRefusedException">A folder cannot be created.</exception>
    public void Create()
    {
        try
        {
            foreach (var folder in new[] { Datasets, Imports, Runs, Models, Comparisons, Classifications, Captured, PixelCache, ImageCache,
                Uploads })
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The data directory '{Root}' cannot be used: {failure.Message} Give another one with DataDirectory, or change who may "
                + $"write there.");
        }
    }

    /// <summary>Free bytes on the disk of the data folder.</summary>
    public long FreeBytes => Core.Common.DiskSpace.FreeAt(Root);
}
