package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** File systems whose locks, shared memory or syncs cannot be trusted for a database. */
final class NetworkFileSystems {
  private static final Set<String> TYPES =
      Set.of(
          "nfs",
          "nfs3",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afpfs",
          "afs",
          "9p",
          "ceph",
          "glusterfs",
          "lustre",
          "davfs",
          "davfs2",
          "webdav",
          "ncpfs",
          "coda",
          "sshfs",
          "s3fs",
          "rclone",
          "gcsfuse",
          "goofys",
          "blobfuse",
          "blobfuse2",
          "juicefs",
          "osxfuse");

  private NetworkFileSystems() {}

  static boolean contains(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return TYPES.contains(name.startsWith("fuse.") ? name.substring("fuse.".length()) : name);
  }

  static void refuse(Path file, String type) {
    if (contains(type)) {
      throw new LedgerException(
          """
          the ledger %s would lie on a network file system (%s), where a database can lose what it \
          has acknowledged; keep Waybill's data folder on a local disk"""
              .formatted(file, type),
          null);
    }
  }
}
