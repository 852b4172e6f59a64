using System.ComponentModel.DataAnnotations;
using CnnService.Onnx.Serving;
using CnnService.Tests.Shared;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>What can be said of a GPU without one: its settings, and the sentence for what is missing.</summary>
public sealed class CudaProviderTests
{
    /// <summary>As ONNX Runtime 1.31.0 writes it on a host without CUDA.</summary>
    private const string NoLibrary = "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:2043 "
        + "onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load "
        + "library /app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or "
        + "directory\n";

    [Theory]
    [InlineData(new string[0], "this host lacks libcublasLt.so.13 of CUDA 13 and cuDNN 9.")]
    [InlineData(new[] { "libcublasLt.so.13", "libcudnn.so.9" }, "this host lacks libcublasLt.so.13, libcudnn.so.9 of CUDA 13 and cuDNN 9.")]
    [InlineData(new[] { "libcuda.so.1" },
        "this host lacks libcuda.so.1, libcublasLt.so.13 of CUDA 13 and cuDNN 9; libcuda.so.1 is part of the driver.")]
    public void Explain_AMissingLibrary_NamesItAndTheOthers(string[] missing, string sentence) =>
        Assert.Equal(sentence, CudaProvider.Explain(NoLibrary, missing));

    [Fact]
    public void Explain_AnythingElse_IsTheReasonAlone() => Assert.Equal(
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=0 ; hostname=here.",
        CudaProvider.Explain(
            "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 void onnxruntime::CudaCall(...) "
            + "CUDA failure 100: no CUDA-capable device is detected ; GPU=0 ; hostname=here.\nmore", []));

    [Fact]
    public void Libraries_NamedHere_AreInTheImage() => Assert.Empty(
        CudaLibraries.Names.Except(File.ReadAllLines(Path.Combine(Repository.Root, "docker", "cuda-image.libraries"))));

    [Fact]
    public void Settings_ByDefault_MeasureWhatParityWasMeasuredFor() => Assert.Equal(
        new Dictionary<string, string>
        {
            ["device_id"] = "0",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["use_tf32"] = "0",
        },
        new CudaSettings().ToProviderOptions());

    [Fact]
    public void Settings_ThatAreSet_AreInOnnxRuntimesWords()
    {
        var options = new CudaSettings
        {
            Index = 1,
            MemoryMebibytes = 3,
            ConvolutionSearch = "exhaustive",
            MemoryGrowth = "nextPowerOfTwo",
            Tf32 = true,
        }.ToProviderOptions();

        Assert.Equal(("1", "3145728", "EXHAUSTIVE", "kNextPowerOfTwo", "1"),
            (options["device_id"], options["gpu_mem_limit"], options["cudnn_conv_algo_search"], options["arena_extend_strategy"],
                options["use_tf32"]));
    }

    [Fact]
    public void Settings_OutOfTheirRange_AreRefusedEachWithItsRule()
    {
        var options = new ServingOptions();
        (options.Cuda.Index, options.Cuda.ConvolutionSearch, options.Cuda.MemoryMebibytes) = (64, "best", -1);
        options.Cuda.LibraryPaths.Add("/nowhere");
        var results = options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!).ToArray();

        Assert.Equal(4, results.Length);
        Assert.All(results, rule => Assert.StartsWith("Serving:Cuda", rule, StringComparison.Ordinal));
        Assert.Contains("Serving:Cuda:LibraryPaths must name existing folders, received '/nowhere'.", results);
    }

    [Fact]
    public void Libraries_BesideAPyTorch_AreFoundUnlessOthersAreSet()
    {
        var root = Directory.CreateTempSubdirectory("cnn-cuda-");
        try
        {
            var torch = root.CreateSubdirectory("torch/lib").FullName;
            string[] expected = [root.CreateSubdirectory("nvidia/cu13/lib").FullName, root.CreateSubdirectory("nvidia/cudnn/lib").FullName];
            root.CreateSubdirectory("nvidia/notes");
            var (found, set) = (new CudaSettings(), new CudaSettings { LibraryPaths = { torch } });
            found.UseLibrariesBeside(torch + Path.DirectorySeparatorChar);
            set.UseLibrariesBeside(torch);

            Assert.Equal(expected, found.LibraryPaths);
            Assert.Equal([torch], set.LibraryPaths);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("auto", false, null)]
    [InlineData("cpu", false, null)]
    [InlineData("cuda", true, "no GPU: this build is for the processor only.")]
    public void Device_OfAProcessorBuild_TellsWhereAGpuWasAskedFor(string device, bool allowCpu, string? note)
    {
        var options = Options.Create(new ServingOptions { Device = device, AllowCpu = allowCpu });
        var serving = new ServingDevice(options, TimeProvider.System);
        Assert.Equal(("cpu", note), (serving.Device.Value, serving.Note));
    }

    [Theory]
    [InlineData("CUDA failure 2: out of memory ; GPU=0", "cuda", 2)] // Others had it.
    [InlineData("this host lacks libcudnn.so.9 of CUDA 13 and cuDNN 9.", "cpu", 1)]
    public void Device_OfAGpuThatWasFull_IsTriedAgainAfterAMinute(string fault, string later, int trials)
    {
        var (time, tried) = (new FakeTimeProvider(), 0);
        var serving = new ServingDevice(Options.Create(new ServingOptions { Device = "auto" }), time)
        {
            TryGpu = _ => (true, ++tried == 1 ? fault : null),
        };
        Assert.Equal(("cpu", $"no GPU: {fault}"), (serving.Device.Value, serving.Note));

        time.Advance(ServingDevice.RetryAfter - TimeSpan.FromSeconds(1));
        Assert.Equal("cpu", serving.Device.Value);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((later, trials), (serving.Device.Value, tried));
    }
}
