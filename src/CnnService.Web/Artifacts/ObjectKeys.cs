using System.Globalization;

namespace CnnService.Web.Artifacts;

/// <summary>What the keys of objects in the store of artifacts begin with: what owns them, and which attempt put them there.</summary>
internal static class ObjectKeys
{
    /// <summary>What the keys of all objects begin with.</summary>
    public static readonly string[] Owners = ["datasets/", "models/", "runs/", "comparisons/", "classifications/", "uploads/"];

    /// <summary>The files of a data set, or of one of the same name after it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="generation">Tells apart those that had the name.</param>
    public static string Dataset(string name, string generation) => $"datasets/{name}/{generation}";

    /// <summary>As <see cref="Dataset(string, string)"/>, for files that none had before.</summary>
    public static string NewDataset(string name) => Dataset(name, Guid.NewGuid().ToString("N"));

    /// <summary>A version of a model.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="source">The run or the import that made it: its number may be taken by another before it is published.</param>
    public static string Version(string model, string source) => $"models/{model}/{source}";

    /// <summary>Something that is deleted again at once.</summary>
    public static string NewTrial() => $"uploads/trial-{Guid.NewGuid():N}/";

    /// <summary>All attempts at a run.</summary>
    public static string Run(string id) => $"runs/{id}/";

    /// <summary>An attempt at a run.</summary>
    public static string Run(string id, int fence) => Run(id) + AttemptFolders.Name(fence);

    /// <summary>All attempts at a comparison.</summary>
    public static string Comparison(string id) => $"comparisons/{id}/";

    /// <summary>An attempt at a comparison.</summary>
    public static string Comparison(string id, int fence) => Comparison(id) + AttemptFolders.Name(fence);

    /// <summary>All attempts at classifying a data set.</summary>
    public static string Classification(string id) => $"classifications/{id}/";

    /// <summary>An attempt at classifying a data set.</summary>
    public static string Classification(string id, int fence) => Classification(id) + AttemptFolders.Name(fence);

    /// <summary>The fencing number of the attempt that a key of files belongs to.</summary>
    public static int FenceOf(string files) => int.Parse(FolderCopies.PrefixOf(files).Split('/')[^1], CultureInfo.InvariantCulture);
}
