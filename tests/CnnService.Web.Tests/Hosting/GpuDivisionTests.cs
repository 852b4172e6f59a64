using System.ComponentModel.DataAnnotations;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Engines;
using CnnService.Onnx.Serving;
using CnnService.Torch.Native;
using CnnService.Web.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Hosting;

/// <summary>Who gets how much of a GPU's memory, told by the options that are handed out.</summary>
public class GpuDivisionTests
{
    private const long Total = 80L << 30;

    [Theory]
    [InlineData(true, true, null, null, null, 0.6, 0.25, 0.1)]
    [InlineData(true, false, null, null, null, 0, 0.679, 0.271)]
    [InlineData(false, true, null, null, null, 1, 0, 0)] // Alone it has all.
    [InlineData(true, true, 0.3, null, null, 0.3, 0.464, 0.186)] // The others divide what it leaves, in their proportion.
    [InlineData(true, true, 0.9, null, 0.0, 0.9, 0.05, 0)]
    [InlineData(true, true, 0.5, 0.5, null, 0.5, 0.5, 0)]
    [InlineData(false, true, 0.4, null, null, 0.4, 0, 0)] // Beside a service of its own process, by agreement.
    public void Create_RolesAndSettings_DividesAllButWhatCudaNeeds(
        bool serves, bool trains, double? training, double? serving, double? drawing, double hasTraining, double hasServing,
        double hasDrawing)
    {
        var options = new GpuOptions { TrainingShare = training, ServingShare = serving, DrawingShare = drawing };

        var division = GpuDivision.Create(options, serves, trains);

        Assert.Equal(hasTraining, division.Training, 0.001);
        Assert.Equal(hasServing, division.Serving, 0.001);
        Assert.Equal(hasDrawing, division.Drawing, 0.001);
    }

    [Theory]
    [InlineData("cuda", 0, 20480, 4096)]
    [InlineData("auto", 0, 20480, 4096)]
    [InlineData("cuda", 512, 512, 4096)] // The user's own limit.
    [InlineData("cpu", 0, 0, 4096)]
    public void Limit_OfServing_IsItsShareInMebibytes(string device, int set, int limit, int all)
    {
        var serving = new ServingOptions { Device = device };
        serving.Cuda.MemoryMebibytes = set;

        new GpuDivision(0.6, 0.25, 0.1).Limit(serving, new Gpu(Total));

        Assert.Equal((limit, all), (serving.Cuda.MemoryMebibytes, serving.MemoryMebibytes));
    }

    [Theory]
    [InlineData("cuda", 1024)] // A quarter of 4 GiB, for all versions together too.
    [InlineData("auto", 4096)] // Perhaps it will be the processor.
    public void Limit_OnASmallGpu_HoldsAllVersionsToItWhereItIsCertain(string device, int all)
    {
        var serving = new ServingOptions { Device = device };

        new GpuDivision(0.6, 0.25, 0.1).Limit(serving, new Gpu(4L << 30));

        Assert.Equal((1024, all), (serving.Cuda.MemoryMebibytes, serving.MemoryMebibytes));
    }

    [Fact]
    public void Limit_WithoutAGpu_ChangesNothing()
    {
        var serving = new ServingOptions();

        new GpuDivision(0.6, 0.25, 0.1).Limit(serving, new Gpu(0));

        Assert.Equal((0, 4096), (serving.Cuda.MemoryMebibytes, serving.MemoryMebibytes));
    }

    [Theory]
    [InlineData("cuda", "0.6")]
    [InlineData("cpu", "0.85")] // Serving has its memory elsewhere.
    [InlineData(null, "0.85")]
    public async Task Command_OfATraining_HandsOutItsShare(string? device, string share)
    {
        await using var service = new CnnServiceApplication([], services => services
            .AddSingleton<IGpuMemory>(new Gpu(Total))
            .AddSingleton<IServingDevice>(new Serving(device)));
        var gpu = service.Services.GetRequiredService<GpuShare>();

        var start = TrainingProcess.Command("run", "pixels", service.Services.GetRequiredService<IConfiguration>(), gpu);

        Assert.Equal(share, start.Environment["Torch__GpuMemoryShare"]);
        Assert.Equal(0.1, service.Services.GetRequiredService<IOptions<TorchOptions>>().Value.GpuMemoryShare, 1e-9);
        Assert.Equal(20480, service.Services.GetRequiredService<IOptions<ServingOptions>>().Value.Cuda.MemoryMebibytes);
    }

    [Fact]
    public async Task Settings_OfTheUser_ReachTheProcesses()
    {
        await using var service = new CnnServiceApplication(
            new() { ["Gpu:TrainingShare"] = "0.5", ["Gpu:ServingShare"] = "0.5", ["Host:Roles:0"] = "api", ["Host:Roles:1"] = "worker" },
            services => services.AddSingleton<IGpuMemory>(new Gpu(Total)).AddSingleton<IServingDevice>(new Serving("cuda")));

        var start = TrainingProcess.Command(
            "run", "pixels", service.Services.GetRequiredService<IConfiguration>(), service.Services.GetRequiredService<GpuShare>());

        Assert.Equal("0.5", start.Environment["Torch__GpuMemoryShare"]);
        Assert.Equal(40960, service.Services.GetRequiredService<IOptions<ServingOptions>>().Value.Cuda.MemoryMebibytes);
    }

    [Theory]
    [InlineData(0.5, 0.4, 0.1, null)]
    [InlineData(0.5, 0.4, 0.2, "Gpu:TrainingShare, ServingShare and DrawingShare together must be at most 1, received 1.1.")]
    [InlineData(1.5, 0, 0, "The field TrainingShare must be between 0 and 1.")]
    public void Validate_Shares_AreRefusedWhereTheyAreMoreThanAll(double training, double serving, double drawing, string? rule)
    {
        var options = new GpuOptions { TrainingShare = training, ServingShare = serving, DrawingShare = drawing };
        var results = new List<ValidationResult>();

        Assert.Equal(rule is null, Validator.TryValidateObject(options, new(options), results, validateAllProperties: true));
        Assert.Equal(rule, results.FirstOrDefault()?.ErrorMessage);
    }

    private sealed record Gpu(long Bytes) : IGpuMemory
    {
        public long TotalBytes(int index) => index == 0 ? Bytes : 0;
    }

    private sealed record Serving(string? Name) : IServingDevice
    {
        public Outcome<string> Device => Name is null ? new Problem(ProblemKind.Unavailable, "serving.device-missing", "none") : Name;

        public string? Note => null;
    }
}
