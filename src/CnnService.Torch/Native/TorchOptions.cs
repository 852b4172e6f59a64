namespace CnnService.Torch.Native;

/// <summary>Configuration of libtorch, section <c>Torch</c>.</summary>
public sealed class TorchOptions
{
    public const string Section = "Torch";

    /// <summary>
    /// A folder with the host's own libtorch (for example <c>torch/lib</c> of a Python installation), for a program that is built without
    /// one; empty: use the one in the program's folder. From 2.10, if it has every function that TorchSharp calls, which is checked before
    /// the first call.
    /// </summary>
    public string LibraryPath { get; set; } = "";

    /// <summary>
    /// Folder for the patched copy of the native binding, needed on hosts whose libstdc++ is older than the binding requires.
    /// </summary>
    public string CacheFolder { get; set; } = DefaultCacheFolder();

    /// <summary>
    /// MiB of decoded images, for the training and for the validation images each, up to which a data set is kept on the GPU as bytes
    /// during training; larger ones are streamed. Default 2048; 0: always stream.
    /// </summary>
    public int MaxResidentMebibytes { get; set; } = 2048;

    /// <summary>
    /// Share of the GPU's memory that libtorch may take in this process, above 0 to 1, which is no limit and the default. The service sets
    /// it for itself and for the processes it starts, see <c>Gpu</c>. A libtorch whose allocator does not know a limit takes what it needs.
    /// </summary>
    public double GpuMemoryShare { get; set; } = 1;

    private static string DefaultCacheFolder()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return local.Length > 0
            ? Path.Combine(local, "cnnservice", "native")
            : Path.Combine(Path.GetTempPath(), $"cnnservice-{Environment.UserName}", "native");
    }
}
