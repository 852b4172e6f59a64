using CnnService.Core.Common;

namespace CnnService.Imaging.Import;

/// <summary>Turns what the reading of a source throws into problems.</summary>
internal static class SourceFailures
{
    /// <summary>
    /// Runs the work. Problems: <c>dataset.import-stalled</c>, <c>dataset.archive-unreadable</c>, <c>storage.full</c>, those of a disk that
    /// fails, and those that a <see cref="SourceRefusedException"/> carries.
    /// </summary>
    /// <param name="consequence">What a failing disk means, as the end of a sentence.</param>
    /// <param name="work">Reads a source.</param>
    public static async Task<Outcome<T>> CatchAsync<T>(string consequence, Func<Task<Outcome<T>>> work)
    {
        try
        {
            return await work();
        }
        catch (SourceRefusedException refused)
        {
            return refused.Problem;
        }
        catch (SourceStalledException stalled)
        {
            return Problem.Unprocessable("dataset.import-stalled", stalled.Message);
        }
        catch (InvalidDataException damaged)
        {
            return Problem.Unprocessable("dataset.archive-unreadable",
                "The archive cannot be read; it must be a zip, a tar as it is or compressed as gz, xz, bz2 or zst, or a Parquet file: "
                + damaged.Message);
        }
        catch (EndOfStreamException)
        {
            return Problem.Unprocessable("dataset.archive-unreadable", "The archive ends before its last entry.");
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full", $"The disk is full: {consequence}");
        }
        catch (IOException failure) when (failure.IsDeviceFault())
        {
            return DiskFullErrors.FaultProblem(consequence);
        }
    }
}
