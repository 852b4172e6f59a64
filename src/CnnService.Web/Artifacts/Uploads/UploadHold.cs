using CnnService.Core.Common;

namespace CnnService.Web.Artifacts.Uploads;

/// <summary>Lets one request at a time, in all processes, read or write an upload; dispose to let the next one.</summary>
internal sealed class UploadHold : IDisposable
{
    private const string LockFile = "lock";

    private readonly FileStream _held;

    private UploadHold(FileStream held) => _held = held;

    /// <summary>Problem: <c>upload.in-use</c>; null where the upload is gone.</summary>
    public static Outcome<UploadHold?> Take(string folder)
    {
        try
        {
            return new UploadHold(new(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (DirectoryNotFoundException)
        {
            return Outcome.Success<UploadHold?>(null);
        }
        catch (IOException failure) when (!failure.IsDiskFull() && !failure.IsDeviceFault())
        {
            return Problem.Conflict("upload.in-use", "An upload is written or read by one request at a time, and another is at it now.");
        }
    }

    public void Dispose() => _held.Dispose();
}
