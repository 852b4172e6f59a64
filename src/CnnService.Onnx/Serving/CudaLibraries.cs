using System.Runtime.InteropServices;

namespace CnnService.Onnx.Serving;

/// <summary>The libraries that ONNX Runtime's CUDA provider needs from CUDA 13, cuDNN 9 and the driver.</summary>
internal static class CudaLibraries
{
    /// <summary>In dependency order. cuDNN is not among what the provider is linked to: it is loaded by the first convolution.</summary>
    internal static readonly IReadOnlyList<string> Names =
        ["libcuda.so.1", "libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcudnn.so.9"];

    /// <summary>Compiles some of cuDNN's kernels when they are asked for; others do without.</summary>
    private const string Compiler = "libnvrtc.so.13";

    /// <summary>
    /// Loads those that lie in the folders by their path: the dynamic loader then finds them by name, wherever the system looks otherwise.
    /// </summary>
    public static void Preload(IEnumerable<string> folders)
    {
        string[] names = [.. Names, Compiler];
        foreach (var path in folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(File.Exists))
        {
            _ = NativeLibrary.TryLoad(path, out _);
        }
    }

    /// <summary>Those that cannot be loaded.</summary>
    public static IReadOnlyList<string> Missing() => [.. Names.Where(name => !NativeLibrary.TryLoad(name, out _))];
}
