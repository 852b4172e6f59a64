using System.Globalization;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// Ensures one service per data directory if the database is embedded. The operating system releases the lock when the process dies for
/// whatever reason, so that holding it proves that no earlier owner of work is alive.
/// </summary>
internal sealed class ServiceLock : IDisposable
{
    private readonly FileStream? _file;

    private ServiceLock(FileStream? file) => _file = file;

    /// <summary>No lock: the database distinguishes owners.</summary>
    public static ServiceLock NotNeeded { get; } = new(null);

    /// <summary>Whether no other service can use the data directory.</summary>
    public bool IsHeld => _file is not null;

    /// <exception cref="StartRefusedException">Another service holds it.</exception>
    public static ServiceLock Take(DataFolders folders)
    {
        FileStream file;
        try
        {
            // Outside Windows, only FileShare.None excludes other processes.
            file = new FileStream(folders.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartRefusedException(
                $"Another service ({Owner(folders)}) works on the data directory "
                + $"'{folders.Root}'. Stop it, or give this one another DataDirectory.");
        }

        // In a file of its own, because a locked file cannot be read by others.
        File.WriteAllText(OwnerFile(folders), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new ServiceLock(file);
    }

    public void Dispose() => _file?.Dispose();

    private static string OwnerFile(DataFolders folders) => Path.ChangeExtension(folders.Lock, ".pid");

    private static string Owner(DataFolders folders)
    {
        try
        {
            return $"process {File.ReadAllText(OwnerFile(folders))}";
        }
        catch (IOException)
        {
            return "its process number cannot be read";
        }
    }
}
