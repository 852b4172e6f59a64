namespace CnnService.Core.Datasets.Layouts;

/// <summary>A folder of images. Folders without images are no nodes.</summary>
internal sealed class FolderNode(string name, string path)
{
    private readonly SortedDictionary<string, FolderNode> _folders = new(StringComparer.Ordinal);

    private readonly List<int> _images = [];

    /// <summary>Last part of the path; empty for the root.</summary>
    public string Name => name;

    /// <summary>Path from the root, for messages; empty for the root.</summary>
    public string Path => path;

    /// <summary>Indices of the images directly in this folder.</summary>
    public IReadOnlyList<int> Images => _images;

    /// <summary>The folders below, in ordinal order of their names; each holds an image at some depth.</summary>
    public IReadOnlyList<FolderNode> Folders => [.. _folders.Values];

    public bool HasImages => _images.Count > 0;

    public bool HasFolders => _folders.Count > 0;

    /// <summary>Number of images at any depth.</summary>
    public int Count => _images.Count + _folders.Values.Sum(folder => folder.Count);

    /// <summary>Indices of the images at any depth.</summary>
    public IEnumerable<int> AllImages => _images.Concat(_folders.Values.SelectMany(folder => folder.AllImages));

    /// <summary>Builds the tree. Empty parts and <c>.</c> and <c>..</c> are skipped: paths only name classes, nothing is opened.</summary>
    /// <param name="paths">Paths with <c>/</c> between the folders; their positions become the indices.</param>
    public static FolderNode Build(IReadOnlyList<string> paths)
    {
        var root = new FolderNode(string.Empty, string.Empty);
        for (var i = 0; i < paths.Count; i++)
        {
            var folder = root;
            foreach (var part in FolderParts(paths[i]))
            {
                folder = folder.Child(part);
            }

            folder._images.Add(i);
        }

        return root;
    }

    /// <summary>The names of the folders above a file.</summary>
    public static IEnumerable<string> FolderParts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Where(part => part is not ("." or ".."));

    private FolderNode Child(string part)
    {
        if (!_folders.TryGetValue(part, out var child))
        {
            _folders[part] = child = new FolderNode(part, Path.Length == 0 ? part : $"{Path}/{part}");
        }

        return child;
    }
}
