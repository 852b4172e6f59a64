using System.Globalization;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// One service a data directory where the database is embedded. The operating system lets go of the lock when the process
/// dies, however it dies: holding it proves that no earlier owner of a run is alive.
/// </summary>
internal sealed class ServiceLock : IDisposable
{
    private readonly FileStream? _file;

    private ServiceLock(FileStream? file) => _file = file;

    /// <summary>No lock: the database tells owners apart.</summary>
    public static ServiceLock NotNeeded { get; } = new(null);

    /// <summary>True where no other service can be at work on the data directory.</summary>
    public bool IsHeld => _file is not null;

    /// <exception cref="StartRefusedException">Another service holds it.</exception>
    public static ServiceLock Take(DataFolders folders)
    {
        FileStream file;
        try
        {
            // Only None excludes, elsewhere than on Windows.
            file = new FileStream(folders.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartRefusedException(
                $"Another service ({Owner(folders)}) works on the data directory "
                + $"'{folders.Root}'. Stop it, or give this one another DataDirectory.");
        }

        // Beside the lock, since nobody else can read a file that is locked.
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
