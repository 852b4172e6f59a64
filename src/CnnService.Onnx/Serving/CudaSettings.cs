using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace CnnService.Onnx.Serving;

/// <summary>How published models run on a GPU, <c>Serving:Cuda</c>. Without effect on the processor.</summary>
public sealed class CudaSettings
{
    /// <summary>Which GPU, as the driver counts them; default 0.</summary>
    [Range(0, 63)]
    public int Index { get; set; }

    /// <summary>
    /// GPU memory of one loaded version in MiB, its weights included; a run that needs more fails. Default 0: no limit but the GPU's.
    /// </summary>
    [Range(0, 1 << 20)]
    public int MemoryMebibytes { get; set; }

    /// <summary>
    /// How the kernel of a convolution is chosen, once for each batch size: <c>heuristic</c> (the default), <c>exhaustive</c> (tries all:
    /// seconds more for each version and batch size), <c>default</c> (one for all).
    /// </summary>
    [AllowedValues("heuristic", "exhaustive", "default")]
    public string ConvolutionSearch { get; set; } = "heuristic";

    /// <summary>How memory grows: <c>sameAsRequested</c> (the default) or <c>nextPowerOfTwo</c> (fewer, larger steps).</summary>
    [AllowedValues("sameAsRequested", "nextPowerOfTwo")]
    public string MemoryGrowth { get; set; } = "sameAsRequested";

    /// <summary>
    /// Multiply float32 with 10 bits of mantissa (TF32): faster, but answers differ by about 1e-3 from those whose parity with the trained
    /// network was measured. Default false.
    /// </summary>
    public bool Tf32 { get; set; }

    /// <summary>
    /// Folders with the libraries of CUDA 13 and cuDNN 9, where the system does not find them by itself. Default: those that a Python
    /// installation has beside <c>Torch:LibraryPath</c>.
    /// </summary>
    public Collection<string> LibraryPaths { get; } = [];

    /// <summary>
    /// Fills <see cref="LibraryPaths"/>, unless they are set, with the folders that a Python installation has beside its PyTorch,
    /// <c>nvidia/cu13/lib</c> and others.
    /// </summary>
    /// <param name="torchLibraries">The folder of libtorch, <c>torch/lib</c>; empty: none is configured.</param>
    public void UseLibrariesBeside(string torchLibraries)
    {
        ArgumentNullException.ThrowIfNull(torchLibraries);
        var folder = torchLibraries.Length == 0 ? string.Empty : Path.GetFullPath(Path.Combine(torchLibraries, "..", "..", "nvidia"));
        if (LibraryPaths.Count > 0 || !Directory.Exists(folder))
        {
            return;
        }

        foreach (var library in Directory.GetDirectories(folder).Select(part => Path.Combine(part, "lib")).Where(Directory.Exists).Order())
        {
            LibraryPaths.Add(library);
        }
    }

    /// <summary>Its options in the words of ONNX Runtime's CUDA provider.</summary>
    internal Dictionary<string, string> ToProviderOptions()
    {
        var options = new Dictionary<string, string>
        {
            ["device_id"] = Index.ToString(CultureInfo.InvariantCulture),
            ["cudnn_conv_algo_search"] = ConvolutionSearch.ToUpperInvariant(),
            ["arena_extend_strategy"] = MemoryGrowth == "sameAsRequested" ? "kSameAsRequested" : "kNextPowerOfTwo",
            ["use_tf32"] = Tf32 ? "1" : "0",
        };
        if (MemoryMebibytes > 0)
        {
            options["gpu_mem_limit"] = ((long)MemoryMebibytes << 20).ToString(CultureInfo.InvariantCulture);
        }

        return options;
    }
}
