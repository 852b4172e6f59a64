using Microsoft.Extensions.Options;

namespace CnnService.Torch.Native;

internal sealed class TorchOptionsValidator : IValidateOptions<TorchOptions>
{
    public ValidateOptionsResult Validate(string? name, TorchOptions options)
    {
        var failures = new List<string>();
        if (options.LibraryPath.Length > 0 && !Directory.Exists(options.LibraryPath))
        {
            failures.Add($"{TorchOptions.Section}:LibraryPath must name an existing folder or be empty, received '{options.LibraryPath}'.");
        }

        if (!Path.IsPathFullyQualified(options.CacheFolder))
        {
            failures.Add($"{TorchOptions.Section}:CacheFolder must be an absolute path, received '{options.CacheFolder}'.");
        }

        if (options.MaxResidentMebibytes < 0)
        {
            failures.Add($"{TorchOptions.Section}:MaxResidentMebibytes must be 0 or more, received {options.MaxResidentMebibytes}.");
        }

        if (options.GpuMemoryShare is not (> 0 and <= 1))
        {
            failures.Add($"{TorchOptions.Section}:GpuMemoryShare must be above 0 and at most 1, received {options.GpuMemoryShare}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
