namespace CnnService.Torch.Native;

/// <summary>Where the tensor library comes from.</summary>
public sealed class TorchOptions
{
    public const string Section = "Torch";

    /// <summary>
    /// A folder with libtorch 2.10 of the host (Python's <c>torch/lib</c>), taken instead of the one that comes along;
    /// empty: the one that comes along.
    /// </summary>
    public string LibraryPath { get; set; } = "";

    /// <summary>Where a copy of the binding is kept on hosts whose C++ library is older than the one it was built with.</summary>
    public string CacheFolder { get; set; } = DefaultCacheFolder();

    /// <summary>
    /// Data sets whose decoded pictures take no more than this stay on the GPU as bytes while they are trained on, in MiB for each
    /// of training and validation pictures; larger ones are read ahead. Default 2048; 0: none stays.
    /// </summary>
    public int MaxResidentMebibytes { get; set; } = 2048;

    private static string DefaultCacheFolder()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return local.Length > 0
            ? Path.Combine(local, "cnnservice", "native")
            : Path.Combine(Path.GetTempPath(), $"cnnservice-{Environment.UserName}", "native");
    }
}
